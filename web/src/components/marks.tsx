import { useEffect, useState } from 'react';
import { useNames } from '../api/queries';
import type { Signal, Source } from '../api/types';
import { agoText, dateText, deadlineOf, deadlineText, instantText, serverNow, shortAgoText } from '../logic/time';

const lights: Record<Signal, [letter: string, title: string]> = {
  act: ['C', 'Cần xử lý'],
  waiting: ['Đ', 'Đang đợi người dân'],
  done: ['X', 'Xong'],
  overdue: ['Q', 'Quá hạn'],
};
export function Light({ signal }: { signal: Signal }) {
  const [letter, title] = lights[signal];
  return (
    <span className={`light ${signal}`} title={title}>
      <span aria-hidden="true">{letter}</span>
      <span className="hidden-text">{title}</span>
    </span>
  );
}

export function StateTag({ state }: { state: string }) {
  const names = useNames();
  const found = names.reference?.states.find(({ id }) => id === state);
  return <span className={`tag ${found?.class ?? ''}`}>{found?.title ?? state}</span>;
}

export function Due({ due_on, working_days_left }: { due_on: string | null; working_days_left: number | null }) {
  return (
    <span
      className={`due ${deadlineOf(working_days_left)}`}
      title={due_on === null ? 'Không có thời hạn đang chạy' : `Hạn ${dateText(due_on)}, tính theo ngày làm việc`}
    >
      {deadlineText(working_days_left)}
    </span>
  );
}

/** The server's time, refreshed while the component is shown. */
export function useNow(everyMilliseconds = 30_000): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMilliseconds);
    return () => clearInterval(timer);
  }, [everyMilliseconds]);
  return now;
}

export function Ago({ at, short = false }: { at: string; short?: boolean }) {
  const now = useNow();
  return (
    <time dateTime={at} title={instantText(at)}>
      {short ? shortAgoText(at, now) : agoText(at, now)}
    </time>
  );
}

export const sourceNames: Record<Source, string> = { zalo: 'Zalo', web: 'Trang web', counter: 'Tại quầy' };
