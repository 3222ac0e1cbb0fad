import { QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useMemo } from 'react';
import { toQuery, type Filters } from '../logic/filters';
import { Failure, api, ask, setCsrfToken } from './client';
import type { Me, Reference, Role, Session } from './types';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 2 && error instanceof Failure && (error.kind === 'offline' || error.kind === 'unavailable'),
      refetchOnWindowFocus: true,
      networkMode: 'always', // "offline" is what the server does not answer, not what the browser guesses
    },
    mutations: { networkMode: 'always' },
  },
});

// Keys in one place, so that events know what to refresh.
export const keysOf = {
  session: ['session'] as const,
  reference: ['reference'] as const,
  lists: ['complaints'] as const,
  list: (query: object) => ['complaints', query] as const,
  case: (code: string) => ['case', code] as const,
  part: (code: string, part: 'complaint' | 'messages' | 'notes' | 'history' | 'duplicates' | 'moderation' | 'presence') => ['case', code, part] as const,
  templates: ['templates'] as const,
  views: ['views'] as const,
  staff: ['staff'] as const,
  sessions: (staffId: string | null) => ['sessions', staffId] as const,
  silence: ['silence'] as const,
  operations: ['operations'] as const,
  unknown: ['unknown'] as const,
  procedures: ['procedures'] as const,
};

export function takeSession(session: Session): Session {
  setCsrfToken(session.csrf_token);
  queryClient.setQueryData(keysOf.session, session);
  return session;
}

export const useSession = () =>
  useQuery({
    queryKey: keysOf.session,
    queryFn: async () => {
      const session = await ask(api.GET('/session'));
      setCsrfToken(session.csrf_token);
      return session;
    },
    staleTime: Infinity,
  });

export const MeContext = createContext<Me | null>(null);
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error('useMe outside of a session');
  return me;
}
export const has = (me: Me, ...roles: Role[]): boolean => me.roles.some((role) => roles.includes(role));

const listQuery = (filters: Filters) => {
  const query = toQuery(filters);
  return {
    queryKey: keysOf.list(query),
    queryFn: () => ask(api.GET('/complaints', { params: { query: query as never } })),
  };
};
export const useList = (filters: Filters) => useQuery({ ...listQuery(filters), placeholderData: (before) => before });
export const fetchList = (filters: Filters) => queryClient.fetchQuery(listQuery(filters));

export const useReference = () =>
  useQuery({ queryKey: keysOf.reference, queryFn: () => ask(api.GET('/reference')), staleTime: Infinity });

/** Titles behind ids, and the id itself for what is not known (yet). */
export function useNames() {
  const reference = useReference().data;
  return useMemo(() => namesOf(reference), [reference]);
}
export type Names = ReturnType<typeof namesOf>;
export function namesOf(reference: Reference | undefined) {
  const map = <T>(items: readonly T[] | undefined, id: (item: T) => string, title: (item: T) => string) =>
    new Map(items?.map((item) => [id(item), title(item)]));
  const look = (names: Map<string, string>) => (id: string | null) => (id === null ? '' : (names.get(id) ?? id));
  return {
    reference,
    state: look(map(reference?.states, (s) => s.id, (s) => s.title)),
    category: look(map(reference?.categories, (c) => c.id, (c) => c.title)),
    commune: look(map(reference?.communes, (c) => c.code, (c) => c.name)),
    unit: look(map(reference?.units, (u) => u.id, (u) => u.name)),
    staff: look(map(reference?.staff, (s) => s.id, (s) => s.name)),
    activity: look(map(reference?.activities, (a) => a.id, (a) => a.name)),
    refusal: look(map(reference?.refusals, (r) => r.id, (r) => r.title)),
    transition: (id: string) => reference?.transitions.find((each) => each.id === id),
  };
}

const useCasePart = <Data>(code: string, part: Parameters<typeof keysOf.part>[1], load: () => Promise<Data>, enabled = true) =>
  useQuery({ queryKey: keysOf.part(code, part), queryFn: load, enabled });
const path = (code: string) => ({ params: { path: { code } } });

export const useComplaint = (code: string) => useCasePart(code, 'complaint', () => ask(api.GET('/complaints/{code}', path(code))));
export const useDuplicates = (code: string, enabled: boolean) =>
  useCasePart(code, 'duplicates', () => ask(api.GET('/complaints/{code}/duplicates', path(code))), enabled);
export const useModerations = (code: string, enabled: boolean) =>
  useCasePart(code, 'moderation', () => ask(api.GET('/complaints/{code}/moderation', path(code))), enabled);

export const useTemplates = () => useQuery({ queryKey: keysOf.templates, queryFn: () => ask(api.GET('/templates')) });
export const useViews = () => useQuery({ queryKey: keysOf.views, queryFn: () => ask(api.GET('/views')) });
export const useStaff = () => useQuery({ queryKey: keysOf.staff, queryFn: () => ask(api.GET('/staff')) });

/** A change; what it touches is asked for again afterwards, done or not. */
export function useChange<Input, Data>(change: (input: Input) => Promise<Data>, ...touched: (readonly unknown[])[]) {
  const client = useQueryClient();
  return useMutation<Data, Failure, Input>({
    mutationFn: change,
    onSettled: () => Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
