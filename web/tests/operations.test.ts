import { expect, test } from 'vitest';
import { byState, bytesText, reasonsOf } from '../src/logic/operations';

test('sizes are read by people', () => {
  expect([0, 1023, 1536, 10 * 1024, 5 * 1024 ** 3].map(bytesText)).toEqual(['0 B', '1.023 B', '1,5 KB', '10 KB', '5 GB']);
});

test('messages are counted by state in the order of their life', () => {
  const parts = [
    { state: 'dead', reason: '-201', count: 2, oldest_at: '2026-11-22T02:00:00Z' },
    { state: 'sent', reason: '', count: 9, oldest_at: '2026-11-20T02:00:00Z' },
    { state: 'dead', reason: 'stale', count: 5, oldest_at: '2026-11-21T02:00:00Z' },
  ];
  expect(byState(parts)).toEqual([
    { state: 'sent', count: 9, oldest_at: '2026-11-20T02:00:00Z' },
    { state: 'dead', count: 7, oldest_at: '2026-11-21T02:00:00Z' },
  ]);
  expect(reasonsOf(parts).map(({ reason }) => reason)).toEqual(['stale', '-201']);
});
