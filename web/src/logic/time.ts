// Wording of time. Everything is shown in the province's zone, whatever the computer's is.

const zone = 'Asia/Ho_Chi_Minh';
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

// The computer's clock may be wrong; answers carry the server's.
let offset = 0;
export function learnServerTime(date: string | null, now: number = Date.now()): void {
  const server = date === null ? NaN : Date.parse(date);
  if (!Number.isNaN(server)) offset = Math.abs(server - now) > 2000 ? server - now : 0; // the header has whole seconds
}
export const serverNow = (): number => Date.now() + offset;

export type Deadline = 'overdue' | 'soon' | 'later' | 'none';

export function deadlineOf(workingDaysLeft: number | null, soonDays = 2): Deadline {
  if (workingDaysLeft === null) return 'none';
  if (workingDaysLeft < 0) return 'overdue';
  return workingDaysLeft <= soonDays ? 'soon' : 'later';
}

export function deadlineText(workingDaysLeft: number | null): string {
  if (workingDaysLeft === null) return '–';
  if (workingDaysLeft < 0) return `quá ${-workingDaysLeft} ngày`;
  return workingDaysLeft === 0 ? 'hết hôm nay' : `còn ${workingDaysLeft} ngày`;
}

/** "2026-11-25" -> "25/11/2026", without going through an instant. */
export function dateText(date: string): string {
  const [year, month, dayOfMonth] = date.split('-');
  return `${dayOfMonth}/${month}/${year}`;
}

const exact = new Intl.DateTimeFormat('vi-VN', {
  timeZone: zone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit', day: '2-digit', month: '2-digit', year: 'numeric',
});
// By its parts: how a locale puts them together depends on what the machine knows of locales.
const partsOf = (at: number): Record<string, string> => Object.fromEntries(exact.formatToParts(at).map(({ type, value }) => [type, value]));
/** "14:05 22/11/2026" */
export function instantText(at: string): string {
  const part = partsOf(Date.parse(at));
  return `${part.hour}:${part.minute} ${part.day}/${part.month}/${part.year}`;
}

/** Local day of an instant as "2026-11-22". */
export function dayOf(at: number): string {
  const part = partsOf(at);
  return `${part.year}-${part.month}-${part.day}`;
}

function span(length: number): string {
  if (length < hour) return `${Math.max(1, Math.floor(length / minute))} phút`;
  if (length < 2 * day) return `${Math.floor(length / hour)} giờ`;
  return `${Math.floor(length / day)} ngày`;
}

/** "vừa xong", "5 phút trước", "3 giờ trước", "4 ngày trước" */
export function agoText(at: string, now: number): string {
  const gone = now - Date.parse(at);
  return gone < minute ? 'vừa xong' : `${span(gone)} trước`;
}

/** The same in a narrow column: "3 giờ" */
export const shortAgoText = (at: string, now: number): string => agoText(at, now).replace(' trước', '');

/** How long somebody has waited: "3 giờ" */
export const waitText = (since: string, now: number): string => span(Math.max(0, now - Date.parse(since)));

/** What is left until an instant: "còn 31 giờ"; null if it is over. */
export function leftText(until: string | null, now: number): string | null {
  if (until === null) return null;
  const left = Date.parse(until) - now;
  return left <= 0 ? null : `còn ${span(left)}`;
}

/** Whole seconds in which a held reply can still be taken back. */
export function undoLeft(until: string | null, now: number, undoSeconds: number): number {
  if (until === null) return 0;
  return Math.min(undoSeconds, Math.max(0, Math.ceil((Date.parse(until) - now) / 1000)));
}
