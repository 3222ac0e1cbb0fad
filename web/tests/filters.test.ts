import { describe, expect, it } from 'vitest';
import { countFilters, noFilters, readFilters, toQuery, viewQuery, writeFilters, type Filters } from '../src/logic/filters';

const read = (query: string) => readFilters(new URLSearchParams(query));
const everything: Filters = {
  tab: 'due', state: ['processing', 'submitted'], category: ['handling'], unit: ['none', 'u1'], officer: ['me'], commune: ['25459'],
  deadline: ['overdue', 'soon'], activity: ['II.5'], label: ['khẩn', 'đất đai'], source: ['zalo', 'web'],
  received_from: '2026-11-01', received_to: '2026-11-22', reopened: false, has_attachment: true, rating_maximum: 2, test: true,
  q: 'đất & "nhà"', sort: 'waiting', order: 'desc', page: 3,
};

describe('filters in the address', () => {
  it('come back as they were written', () => {
    expect(read(writeFilters(everything).toString())).toEqual(everything);
  });
  it.each(Object.keys(noFilters) as (keyof Filters)[])('keep %s alone', (name) => {
    const only = { ...noFilters, [name]: everything[name] };
    expect(read(writeFilters(only).toString())).toEqual(only);
  });
  it('are empty by default', () => {
    expect(writeFilters(noFilters).toString()).toBe('');
    expect(read('')).toEqual(noFilters);
  });
  it('do not depend on the order of choosing', () => {
    const one = writeFilters({ ...noFilters, state: ['submitted', 'processing'] }).toString();
    const other = writeFilters({ ...noFilters, state: ['processing', 'submitted'] }).toString();
    expect(one).toBe(other);
  });
  it.each([
    'tab=nonsense', 'deadline=never', 'source=pigeon', 'received_from=yesterday', 'received_to=2026-13-45', 'reopened=maybe', 'rating_maximum=9',
    'rating_maximum=1.5', 'page=-1', 'page=1e9', 'sort=beauty', 'order=up', 'state=', 'unknown=1',
  ])('leave out what is malformed: %s', (query) => {
    expect(read(query)).toEqual(noFilters);
  });
  it('bound the search text', () => {
    expect(read(`q=${'a'.repeat(500)}`).q).toHaveLength(200);
  });
  it('are counted without tab, search, sorting and page', () => {
    expect(countFilters(everything)).toBe(2 + 1 + 2 + 1 + 1 + 2 + 1 + 2 + 2 + 6);
    expect(countFilters({ ...noFilters, tab: 'all', q: 'x', page: 9 })).toBe(0);
  });
  it('make a view without the page', () => {
    expect(viewQuery({ ...noFilters, tab: 'all', page: 4 })).toBe('tab=all');
  });
  it('ask the API for what differs from the default only', () => {
    expect(toQuery({ ...noFilters, state: ['submitted'], test: true })).toEqual({ state: ['submitted'], test: true });
  });
});
