import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { MemoryRouter } from 'react-router-dom';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { take } from '../src/api/events';
import { setCsrfToken } from '../src/api/client';
import { MeContext, keysOf, queryClient } from '../src/api/queries';
import type { Complaint, Me, Reference } from '../src/api/types';
import { Composer } from '../src/case/composer';
import { HeldReplies } from '../src/case/held';
import { KeySheet, useKeys } from '../src/components/keyboard';
import { Due, Light } from '../src/components/marks';
import { Difference, Said } from '../src/components/said';
import { keys } from '../src/logic/keys';
import { SignIn } from '../src/screens/sign_in';

const me: Me = { id: 's1', user_name: 'thu.mot', name: 'Cán bộ Thử', unit_id: 'u1', roles: ['officer'], totp_enrolled: true };
const reference = {
  province: 'Tây Ninh', states: [{ id: 'processing', title: 'Đang xử lý', class: 'open' }, { id: 'answered', title: 'Đã trả lời', class: 'answered' }],
  transitions: [{ id: 'answer', title: 'Trả lời', to: 'answered', needs: ['message'] }],
  refusals: [], categories: [], communes: [], units: [], staff: [{ id: 's2', name: 'Đồng nghiệp Thử', unit_id: 'u1', roles: ['officer'], active: true }],
  activities: [], labels: [], places: [], message_limit: 2000, takeover_minutes: 30, soon_days: 2,
} as Reference;
const complaint = {
  code: 'PA-261122-0007Q', version: 3, category: 'delay', source: 'zalo', window_closes_at: '2099-01-01T00:00:00Z', may_reply: true, undo_seconds: 10,
  transitions: [{ id: 'answer', late: false }],
} as unknown as Complaint;

type Route = (body: unknown) => { status: number; body?: unknown };
let routes: Record<string, Route>;
let calls: { route: string; body: unknown; csrf: string | null }[];

beforeEach(() => {
  calls = [];
  routes = { 'GET /templates': () => ({ status: 200, body: { items: [] } }), 'GET /reference': () => ({ status: 200, body: reference }) };
  queryClient.clear();
  queryClient.setQueryData(keysOf.reference, reference);
  setCsrfToken('token');
  vi.stubGlobal('fetch', async (request: Request) => {
    const route = `${request.method} ${new URL(request.url).pathname.replace('/api/v1', '')}`;
    const text = await request.text();
    const body: unknown = text === '' ? null : JSON.parse(text);
    calls.push({ route, body, csrf: request.headers.get('X-CSRF-Token') });
    const answer = routes[route]?.(body);
    if (!answer) throw new TypeError('offline');
    return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status, headers: { 'Content-Type': 'application/json' } });
  });
});

function page(children: ReactNode) {
  return (
    <MantineProvider env="test">
      <QueryClientProvider client={queryClient}>
        <MemoryRouter>
          <MeContext value={me}>
            <HeldReplies>{children}</HeldReplies>
          </MeContext>
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>
  );
}
const show = (children: ReactNode) => render(page(children));
const composer = (more: Partial<Complaint> = {}, wish: Parameters<typeof Composer>[0]['wish'] = null) => (
  <Composer complaint={{ ...complaint, ...more }} wish={wish} onComposing={() => undefined} onSent={() => undefined} onMode={() => undefined} />
);

describe('text of citizens', () => {
  it('is text, whatever it says', () => {
    const { container } = render(<Said text={'<img src=x onerror=alert(1)>\u202Etxt'} />);
    expect(container.querySelector('img')).toBeNull();
    expect(container.textContent).toBe('<img src=x onerror=alert(1)>202Etxt');
    expect(container.querySelectorAll('bdi').length).toBeGreaterThan(1);
  });
  it('shows differences as insertions and deletions', () => {
    const { container } = render(<Difference before="hẹn mai" after="hẹn kia" />);
    expect(container.querySelector('del')?.textContent).toBe('mai');
    expect(container.querySelector('ins')?.textContent).toBe('kia');
  });
});

describe('marks', () => {
  it('have a letter and a name besides the colour', () => {
    render(<Light signal="overdue" />);
    expect(screen.getByText('Q')).toBeTruthy();
    expect(screen.getByText('Quá hạn')).toBeTruthy();
  });
  it('give the exact date on hover', () => {
    render(<Due due_on="2026-11-25" working_days_left={2} />);
    expect(screen.getByText('còn 2 ngày').title).toContain('25/11/2026');
  });
});

describe('keyboard', () => {
  function Page({ onReply }: { onReply: () => void }) {
    useKeys(['case'], { reply: onReply });
    return <input aria-label="ô" />;
  }
  it('works on the page, never in a field', () => {
    const onReply = vi.fn();
    render(<Page onReply={onReply} />);
    fireEvent.keyDown(document.body, { key: 'r' });
    expect(onReply).toHaveBeenCalledTimes(1);
    fireEvent.keyDown(screen.getByLabelText('ô'), { key: 'r' });
    expect(onReply).toHaveBeenCalledTimes(1);
  });
  it('is listed whole in the sheet', () => {
    show(<KeySheet opened onClose={() => undefined} />);
    for (const { title } of keys) expect(screen.getByText(title)).toBeTruthy();
  });
});

describe('composer', () => {
  it('opens on the internal note', () => {
    show(composer());
    expect(screen.getByLabelText('Nội dung ghi chú nội bộ')).toBeTruthy();
    expect(screen.queryByLabelText('Nội dung trả lời người dân')).toBeNull();
  });
  it('keeps the text over a lost connection, and says it once only', async () => {
    show(composer());
    const user = userEvent.setup();
    await user.type(screen.getByLabelText('Nội dung ghi chú nội bộ'), 'đã gọi');
    await user.click(screen.getByRole('button', { name: 'Lưu ghi chú' }));
    expect(await screen.findByText('Không kết nối được máy chủ')).toBeTruthy();
    expect(localStorage.getItem('motcua.draft.s1.PA-261122-0007Q')).toContain('đã gọi');
    routes['POST /complaints/PA-261122-0007Q/notes'] = () => ({ status: 201, body: { id: 'n1', at: '2026-11-22T00:00:00Z', staff_id: 's1', text: 'đã gọi' } });
    await user.click(screen.getByRole('button', { name: 'Lưu ghi chú' }));
    await vi.waitFor(() => expect((screen.getByLabelText('Nội dung ghi chú nội bộ') as HTMLTextAreaElement).value).toBe(''));
    const tries = calls.filter(({ route }) => route.endsWith('/notes')).map(({ body }) => (body as { request_id: string }).request_id);
    expect(tries).toHaveLength(2);
    expect(tries[0]).toBe(tries[1]);
    expect(localStorage.getItem('motcua.draft.s1.PA-261122-0007Q')).toBeNull();
  });
  it('counts code points of NFC and refuses too long a text', () => {
    show(composer());
    fireEvent.change(screen.getByLabelText('Nội dung ghi chú nội bộ'), { target: { value: 'ễ'.normalize('NFD').repeat(2001) } });
    expect(screen.getByText(/2\.001\/2\.000/)).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Lưu ghi chú' }).disabled).toBe(true);
  });
  it('previews a reply, sends it with the version the writing began at, and shows who was quicker', async () => {
    const versions: number[] = [];
    routes['POST /complaints/PA-261122-0007Q/reply-previews'] = () => ({ status: 200, body: { text: 'Trả lời PA-261122-0007Q: xong', characters: 29 } });
    routes['POST /complaints/PA-261122-0007Q/replies'] = (body) => {
      versions.push((body as { expected_version: number }).expected_version);
      return versions.length === 1
        ? {
            status: 409,
            body: {
              type: 'urn:motcua:problem:stale', title: 'Có người vừa thay đổi trước', status: 409,
              changes: [{ field: 'category', title: 'Lĩnh vực', old: 'Trễ hẹn', new: 'Thu phí', staff_id: 's2', at: '2026-11-22T00:00:00Z' }],
            },
          }
        : { status: 201, body: { id: 'm1', undo_until: new Date(Date.now() + 10_000).toISOString(), delivery: 'held' } };
    };
    show(composer()).rerender(page(composer({}, { mode: 'reply', transition: 'answer', count: 1 })));
    const user = userEvent.setup();
    await user.type(await screen.findByLabelText('Nội dung trả lời người dân'), 'xong');
    await user.click(screen.getByRole('button', { name: 'Xem trước…' }));
    expect(await screen.findByText('Trả lời PA-261122-0007Q: xong')).toBeTruthy();
    expect(calls.some(({ route }) => route.endsWith('/replies'))).toBe(false);
    queryClient.setQueryData(keysOf.part(complaint.code, 'complaint'), { ...complaint, version: 5 });
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(await screen.findByText('Thu phí')).toBeTruthy();
    expect(screen.getByText(/Đồng nghiệp Thử/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Vẫn thực hiện trên bản mới' }));
    expect(await screen.findByRole('button', { name: 'Hoàn tác' })).toBeTruthy();
    expect(versions).toEqual([3, 5]);
    expect(calls.filter(({ route }) => route.endsWith('/replies')).every(({ csrf }) => csrf === 'token')).toBe(true);
  });
  it('offers to wait for the citizen when the window is closed', async () => {
    routes['POST /complaints/PA-261122-0007Q/reply-previews'] = () => ({ status: 200, body: { text: 'chào', characters: 4 } });
    show(composer({ window_closes_at: null })).rerender(page(composer({ window_closes_at: null }, { mode: 'reply', transition: null, count: 1 })));
    const user = userEvent.setup();
    await user.type(await screen.findByLabelText('Nội dung trả lời người dân'), 'chào');
    await user.click(screen.getByRole('button', { name: 'Xem trước…' }));
    expect(await screen.findByRole('button', { name: 'Gửi khi người dân nhắn lại' })).toBeTruthy();
  });
});

describe('signing in', () => {
  it('goes on to the code and empties a wrong one', async () => {
    routes['POST /session/totp'] = () => ({ status: 401, body: { type: 'urn:motcua:problem:wrong_credentials', title: 'Mã không đúng', status: 401 } });
    show(<SignIn session={{ stage: 'totp', csrf_token: 'token', staff_member: null, idle_ends_at: null, ends_at: null }} />);
    const user = userEvent.setup();
    const field = screen.getByLabelText<HTMLInputElement>(/Mã 6 số/);
    await user.type(field, '12a34 56');
    expect(field.value).toBe('123456');
    await user.click(screen.getByRole('button', { name: 'Tiếp tục' }));
    expect(await screen.findByText('Mã không đúng')).toBeTruthy();
    expect(field.value).toBe('');
  });
});

describe('events', () => {
  it('make stale what they are about, and nothing else', () => {
    const stale = (key: readonly unknown[]) => queryClient.getQueryState(key)?.isInvalidated;
    const [a, b] = [keysOf.part('PA-1', 'complaint'), keysOf.part('PA-2', 'complaint')];
    for (const key of [a, b, keysOf.list({}), keysOf.templates]) queryClient.setQueryData(key, {});
    take(queryClient, 'complaint', { code: 'PA-1', version: 2, what: 'assign' });
    expect([stale(a), stale(b), stale(keysOf.list({})), stale(keysOf.templates)]).toEqual([true, false, true, false]);
    take(queryClient, 'reset', {});
    expect([stale(b), stale(keysOf.templates)]).toEqual([true, true]);
  });
  it('tell who else is there', () => {
    const presence = { code: 'PA-1', staff: [{ staff_id: 's2', composing: true }] };
    take(queryClient, 'presence', presence);
    expect(queryClient.getQueryData(keysOf.part('PA-1', 'presence'))).toEqual(presence);
  });
});
