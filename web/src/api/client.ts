import createClient, { type Middleware } from 'openapi-fetch';
import { learnServerTime } from '../logic/time';
import type { Change, Problem, ProblemKind, StaleProblem, paths } from './types';

let csrfToken: string | null = null;
let onSignedOut: () => void = () => undefined;
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

const middleware: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrfToken !== null) request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  },
  onResponse({ response }) {
    learnServerTime(response.headers.get('Date'));
  },
};

// The browser's fetch is looked up per call, so that tests can replace it.
export const api = createClient<paths>({ baseUrl: `${location.origin}/api/v1`, fetch: (request) => globalThis.fetch(request) });
api.use(middleware);

/** An answer that is not the one hoped for, or none at all (`offline`). */
export class Failure extends Error {
  constructor(
    readonly kind: ProblemKind | 'offline' | 'unknown',
    readonly problem: Problem | StaleProblem | null,
  ) {
    super(problem?.title ?? (kind === 'offline' ? 'Không kết nối được máy chủ' : 'Máy chủ trả lời không như mong đợi'));
    this.name = 'Failure';
  }
  get detail(): string | undefined {
    if (this.kind === 'offline') return 'Anh/chị kiểm tra mạng. Nội dung đang viết vẫn được giữ.';
    return this.problem?.errors?.map(({ title }) => title).join(' ') || this.problem?.detail;
  }
  get changes(): Change[] {
    return (this.problem && 'changes' in this.problem && this.problem.changes) || [];
  }
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && typeof (value as Problem).type === 'string' && typeof (value as Problem).title === 'string';

/** Unwraps a call: gives the data or throws a Failure. */
export async function ask<Data>(call: Promise<{ data?: Data; error?: unknown; response: Response }>): Promise<Data> {
  let answer;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Failure('unknown', null);
    throw new Failure('offline', null);
  }
  if (answer.response.ok) return answer.data as Data;
  const problem = isProblem(answer.error) ? answer.error : null;
  const kind = (problem?.type.replace('urn:motcua:problem:', '') as ProblemKind | undefined) ?? 'unknown';
  if (kind === 'signed_out') onSignedOut();
  throw new Failure(kind, problem);
}
