import { describe, expect, it } from 'vitest';
import { daysIn, kindOf, periodAround, periodFrom, periodText, shifted } from '../src/logic/periods';
import { bucketLabel, bucketTitle, bucketsOf, stepFor, ticksFor } from '../src/logic/series';

const period = (from: string, to: string) => ({ from, to });

describe('periods', () => {
  it.each([
    ['2024-02-29', 'month', '2024-02-01', '2024-02-29'],
    ['2026-12-31', 'month', '2026-12-01', '2026-12-31'],
    ['2026-05-15', 'quarter', '2026-04-01', '2026-06-30'],
    ['2026-12-01', 'quarter', '2026-10-01', '2026-12-31'],
    ['2026-01-01', 'year', '2026-01-01', '2026-12-31'],
  ] as const)('%s lies in the %s from %s to %s', (day, kind, from, to) => {
    expect(periodAround(day, kind)).toEqual(period(from, to));
    expect(kindOf(period(from, to))).toBe(kind);
  });
  it.each([
    ['2026-01-01', '2026-01-31', 'Tháng 1/2026'],
    ['2026-10-01', '2026-12-31', 'Quý IV/2026'],
    ['2026-01-01', '2026-12-31', 'Năm 2026'],
    ['2026-01-02', '2026-01-31', '02/01/2026 – 31/01/2026'],
    ['2026-01-02', '2026-01-02', '02/01/2026'],
    ['2026-01-01', '2026-06-30', '01/01/2026 – 30/06/2026'],
  ])('%s to %s reads %s', (from, to, text) => {
    expect(periodText(period(from, to))).toBe(text);
  });
  it.each([
    ['2026-01-01', '2026-01-31', -1, '2025-12-01', '2025-12-31'],
    ['2026-01-01', '2026-01-31', 1, '2026-02-01', '2026-02-28'],
    ['2026-10-01', '2026-12-31', 1, '2027-01-01', '2027-03-31'],
    ['2024-01-01', '2024-12-31', -1, '2023-01-01', '2023-12-31'],
    ['2026-01-10', '2026-01-16', -1, '2026-01-03', '2026-01-09'],
    ['2026-02-25', '2026-03-01', 1, '2026-03-02', '2026-03-06'],
  ])('%s to %s moved by %i', (from, to, steps, newFrom, newTo) => {
    const moved = shifted(period(from, to), steps);
    expect(moved).toEqual(period(newFrom, newTo));
    expect(shifted(moved, -steps)).toEqual(period(from, to));
  });
  it('takes from an address what the server takes, and nothing else', () => {
    const read = (text: string) => periodFrom(new URLSearchParams(text));
    expect(read('from=2026-01-01&to=2026-01-31')).toEqual(period('2026-01-01', '2026-01-31'));
    for (const wrong of ['', 'from=2026-01-01', 'from=2026-02-01&to=2026-01-31', 'from=2026-13-01&to=2026-12-31', 'from=x&to=y', 'from=2010-01-01&to=2026-01-31', 'from=1990-01-01&to=1990-02-01'])
      expect(read(wrong), wrong).toBeNull();
  });
});

describe('columns of a chart', () => {
  const days = (from: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ day: new Date(Date.parse(from) + index * 86_400_000).toISOString().slice(0, 10), contacts: index + 1 }));
  it.each(['day', 'week', 'month'] as const)('by %s hold what the days hold', (step) => {
    const all = days('2026-01-20', 100);
    const buckets = bucketsOf(all, ['contacts'], step);
    expect(buckets.reduce((sum, { values }) => sum + values.contacts, 0)).toBe(5050);
    expect(buckets[0]!.from).toBe('2026-01-20');
    expect(buckets.at(-1)!.to).toBe(all.at(-1)!.day);
    buckets.slice(1).forEach((bucket, index) => expect(Date.parse(bucket.from) - Date.parse(buckets[index]!.to)).toBe(86_400_000));
  });
  it('are as fine as there is room for', () => {
    expect(stepFor(period('2026-01-01', '2026-01-31'))).toBe('day');
    expect(stepFor(period('2026-01-01', '2026-06-30'))).toBe('week');
    expect(stepFor(period('2026-01-01', '2026-12-31'))).toBe('month');
    expect(daysIn(period('2024-01-01', '2024-12-31'))).toBe(366);
  });
  it.each([0, 1, 3, 4, 7, 10, 99, 100, 101, 1234, 987_654])('have round ticks up to %i', (highest) => {
    const ticks = ticksFor(highest);
    expect(ticks[0]).toBe(0);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(Math.max(1, highest));
    expect(ticks.length).toBeLessThanOrEqual(6);
    for (const tick of ticks) expect(Number.isInteger(tick)).toBe(true);
  });
  it('are named by their time', () => {
    expect(bucketLabel({ from: '2026-01-05' }, 'day')).toBe('5/1');
    expect(bucketLabel({ from: '2026-01-05' }, 'month')).toBe('1/2026');
    expect(bucketTitle({ from: '2026-01-05', to: '2026-01-05' })).toBe('05/01/2026');
    expect(bucketTitle({ from: '2026-01-05', to: '2026-01-11' })).toBe('từ 05/01/2026 đến 11/01/2026');
  });
});
