import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, ask } from '../api/client';
import { keysOf, useChange, useMe, useNames } from '../api/queries';
import type { Complaint, HistoryEntry, Message } from '../api/types';
import { Ago, StateTag, useNow } from '../components/marks';
import { Difference, Said } from '../components/said';
import { Empty, Failed, Loading, complained } from '../components/states';
import { deliveryMark, mayResend, mayTakeBack } from '../logic/delivery';
import { instantText, leftText, undoLeft } from '../logic/time';
import { Files } from './files';
import { useHeld } from './held';

interface Page<Item> {
  items: Item[];
  has_more: boolean;
}

/** The newest entries, and older ones on demand. */
function usePages<Item extends { id: string }>(code: string, part: 'messages' | 'notes' | 'history', load: (before: string | undefined) => Promise<Page<Item>>) {
  const query = useInfiniteQuery({
    queryKey: keysOf.part(code, part),
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<Item>) => (last.has_more ? last.items[0]?.id : undefined),
  });
  return { query, items: [...(query.data?.pages ?? [])].reverse().flatMap(({ items }) => items) };
}

function Paged<Item extends { id: string }>({ pages, nothing, children }: { pages: ReturnType<typeof usePages<Item>>; nothing: string; children: (item: Item) => ReactNode }) {
  const { query, items } = pages;
  if (query.isPending) return <Loading lines={4} />;
  if (!query.data) return <Failed error={query.error} again={() => void query.refetch()} />;
  if (items.length === 0) return <Empty title={nothing} />;
  return (
    <>
      {query.hasNextPage && (
        <Button variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Xem phần cũ hơn
        </Button>
      )}
      {items.map(children)}
    </>
  );
}

export function Talk({ complaint, onModerate }: { complaint: Complaint; onModerate: (message: Message) => void }) {
  const { code } = complaint;
  const pages = usePages<Message>(code, 'messages', (before) => ask(api.GET('/complaints/{code}/messages', { params: { path: { code }, query: { before } } })));
  return (
    <>
      <TakeoverBanner complaint={complaint} />
      <div className="talk" role="log" aria-label="Trao đổi với người dân">
        <Paged pages={pages} nothing="Chưa có trao đổi nào">
          {(message) => <Bubble key={message.id} complaint={complaint} message={message} onModerate={onModerate} />}
        </Paged>
      </div>
    </>
  );
}

function Bubble({ complaint, message, onModerate }: { complaint: Complaint; message: Message; onModerate: (message: Message) => void }) {
  const { code } = complaint;
  const names = useNames();
  const { takeBack } = useHeld();
  const held = message.delivery === 'held';
  const now = useNow(held ? 500 : 30_000);
  const left = undoLeft(message.undo_until, now, complaint.undo_seconds);
  const mark = deliveryMark(message);
  const resend = useChange(
    () => ask(api.POST('/complaints/{code}/replies/{message_id}/resend', { params: { path: { code, message_id: message.id } } })),
    keysOf.part(code, 'messages'),
  );
  const who = message.from === 'citizen' ? 'Người dân' : message.from === 'bot' ? 'Máy' : names.staff(message.staff_id);
  return (
    <article className={`bubble ${message.from} ${held ? 'held' : ''}`}>
      <div className="row spread quiet">
        <span className="strong">{who}</span>
        <Ago at={message.at} />
      </div>
      <div className="said">
        <Said text={message.text} />
      </div>
      <Files items={message.attachments} />
      {message.public_text !== null && (
        <details>
          <summary className="quiet">Bản công khai khác bản gốc</summary>
          <Difference before={message.text} after={message.public_text} />
        </details>
      )}
      <div className="row quiet">
        {mark && (
          <span className={mark.tone === 'bad' ? 'bad' : undefined} title={mark.title}>
            {mark.mark} {mark.title}
          </span>
        )}
        {mayTakeBack(message) && (!held || left > 0) && (
          <button type="button" className="plain" onClick={() => void takeBack(code, message.id)}>
            {held ? `Hoàn tác (${left})` : 'Thu lại'}
          </button>
        )}
        {mayResend(message) && (
          <button type="button" className="plain" disabled={resend.isPending} onClick={() => resend.mutate(undefined, { onError: complained })}>
            Gửi lại
          </button>
        )}
        {!held && (
          <button type="button" className="plain" title="Biên tập bản công khai của tin này" onClick={() => onModerate(message)}>
            Biên tập
          </button>
        )}
      </div>
    </article>
  );
}

function TakeoverBanner({ complaint }: { complaint: Complaint }) {
  const { code, takeover, may_reply } = complaint;
  const me = useMe();
  const names = useNames();
  const now = useNow();
  const path = { params: { path: { code } } };
  const refreshed = keysOf.part(code, 'complaint');
  const minutes = names.reference?.takeover_minutes ?? 30;
  const take = useChange(() => ask(api.PUT('/complaints/{code}/takeover', { ...path, body: { minutes } })), refreshed);
  const back = useChange(() => ask(api.DELETE('/complaints/{code}/takeover', path)), refreshed);
  if (!may_reply) return null;
  const left = leftText(takeover.until, now);
  const byStaff = takeover.by === 'staff';
  return (
    <div className="panel row spread" role="status">
      <span>
        {byStaff ? (
          <>
            <strong>{takeover.staff_id === me.id ? 'Anh/chị' : names.staff(takeover.staff_id)}</strong> đang trả lời người dân{left ? ` (${left})` : ''}, máy tạm im lặng.
          </>
        ) : (
          <>
            <strong>Máy</strong> đang trả lời người dân.
          </>
        )}
      </span>
      <div className="row">
        <Button variant="default" size="xs" loading={take.isPending} onClick={() => take.mutate(undefined, { onError: complained })}>
          {byStaff && takeover.staff_id === me.id ? `Thêm ${minutes} phút` : 'Tiếp quản'}
        </Button>
        {byStaff && (
          <Button variant="default" size="xs" loading={back.isPending} onClick={() => back.mutate(undefined, { onError: complained })}>
            Trả lại cho máy
          </Button>
        )}
      </div>
    </div>
  );
}

export function Notes({ code }: { code: string }) {
  const names = useNames();
  const pages = usePages(code, 'notes', (before) => ask(api.GET('/complaints/{code}/notes', { params: { path: { code }, query: { before } } })));
  return (
    <div className="talk" role="log" aria-label="Ghi chú nội bộ">
      <Paged pages={pages} nothing="Chưa có ghi chú nào">
        {(note) => (
          <article key={note.id} className="bubble note">
            <div className="row spread quiet">
              <span className="strong">{names.staff(note.staff_id)}</span>
              <Ago at={note.at} />
            </div>
            <div className="said">
              <Said text={note.text} />
            </div>
          </article>
        )}
      </Paged>
    </div>
  );
}

const actors: Record<HistoryEntry['by'], string> = { citizen: 'Người dân', officer: 'Cán bộ', coordinator: 'Điều phối', system: 'Hệ thống' };

export function History({ code }: { code: string }) {
  const names = useNames();
  const pages = usePages(code, 'history', (before) => ask(api.GET('/complaints/{code}/history', { params: { path: { code }, query: { before } } })));
  return (
    <div className="history">
      <Paged pages={pages} nothing="Chưa có gì">
        {(entry) => (
          <article key={entry.id} className="event">
            <div className="row">
              <span className="strong">{entry.title}</span>
              {entry.to_state !== null && entry.to_state !== entry.from_state && <StateTag state={entry.to_state} />}
              {entry.late && <span className="bad">trễ hạn</span>}
            </div>
            <div className="quiet">
              {entry.staff_id === null ? actors[entry.by] : names.staff(entry.staff_id)} · {instantText(entry.at)}
            </div>
            {entry.value !== null && <Said text={entry.value} />}
            {entry.reason !== null && (
              <div className="said">
                Lý do: <Said text={entry.reason} />
              </div>
            )}
            {entry.message !== null && (
              <div className="said panel">
                <Said text={entry.message} />
              </div>
            )}
          </article>
        )}
      </Paged>
    </div>
  );
}
