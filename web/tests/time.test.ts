import { afterEach, describe, expect, it } from 'vitest';
import { agoText, dateText, dayOf, deadlineOf, deadlineText, instantText, learnServerTime, leftText, serverNow, shortAgoText, undoLeft, waitText } from '../src/logic/time';

const now = Date.parse('2026-11-22T07:30:00Z');
const before = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
const after = (seconds: number) => new Date(now + seconds * 1000).toISOString();

describe('deadlines', () => {
  it.each([
    [5, 'còn 5 ngày', 'later'], [3, 'còn 3 ngày', 'later'], [2, 'còn 2 ngày', 'soon'], [1, 'còn 1 ngày', 'soon'], [0, 'hết hôm nay', 'soon'],
    [-1, 'quá 1 ngày', 'overdue'], [-30, 'quá 30 ngày', 'overdue'], [null, '–', 'none'],
  ] as const)('%s working days: %s, %s', (left, text, deadline) => {
    expect(deadlineText(left)).toBe(text);
    expect(deadlineOf(left)).toBe(deadline);
  });
});

describe('wording of time', () => {
  it.each([[0, 'vừa xong'], [1, '1 phút trước'], [59, '59 phút trước'], [60, '1 giờ trước'], [47 * 60, '47 giờ trước'], [48 * 60, '2 ngày trước']])('%i minutes ago: %s', (minutes, text) => {
    expect(agoText(before(minutes), now)).toBe(text);
    expect(shortAgoText(before(minutes), now)).toBe(text.replace(' trước', ''));
  });
  it('never goes below nothing when clocks differ', () => {
    expect(agoText(after(90), now)).toBe('vừa xong');
    expect(waitText(after(90), now)).toBe('1 phút');
  });
  it.each([[31 * 3600, 'còn 31 giờ'], [18 * 60, 'còn 18 phút'], [5, 'còn 1 phút'], [0, null], [-5, null]])('%i seconds left: %s', (seconds, text) => {
    expect(leftText(after(seconds), now)).toBe(text);
  });
  it('has nothing left of what is not', () => expect(leftText(null, now)).toBeNull());
  it('is that of the province', () => {
    expect(instantText('2026-11-21T17:05:00Z')).toBe('00:05 22/11/2026');
    expect(dayOf(Date.parse('2026-11-21T17:05:00Z'))).toBe('2026-11-22');
    expect(dateText('2026-11-05')).toBe('05/11/2026');
  });
});

describe('undo', () => {
  it.each([[10, 10], [9.2, 10], [9, 9], [0.1, 1], [0, 0], [-3, 0], [600, 10]])('%d seconds to go shows %i', (seconds, left) => {
    expect(undoLeft(after(seconds), now, 10)).toBe(left);
  });
  it('is over when nothing is held', () => expect(undoLeft(null, now, 10)).toBe(0));
});

describe("the server's clock", () => {
  afterEach(() => learnServerTime(new Date().toUTCString()));
  it('is followed when this one is wrong', () => {
    learnServerTime(new Date(Date.now() + 3_600_000).toUTCString());
    expect(serverNow() - Date.now()).toBeGreaterThan(3_590_000);
  });
  it('is not followed within the second its header is rounded to', () => {
    learnServerTime(new Date(Date.now() - 900).toUTCString());
    expect(Math.abs(serverNow() - Date.now())).toBeLessThan(50);
  });
  it.each([null, 'nonsense'])('is left alone by %j', (header) => {
    learnServerTime(header);
    expect(Math.abs(serverNow() - Date.now())).toBeLessThan(50);
  });
});
