import type { Deadline } from './time';
import type { Sort, Source, Tab } from '../api/types';

// The filters of the list. Their names are those of the API's query, and the address of the page is that query, so a view can be
// shared by its address.
export interface Filters {
  tab: Tab;
  state: string[];
  category: string[];
  unit: string[];
  officer: string[];
  commune: string[];
  deadline: Deadline[];
  activity: string[];
  label: string[];
  source: Source[];
  received_from: string | null;
  received_to: string | null;
  reopened: boolean | null;
  has_attachment: boolean | null;
  rating_maximum: number | null;
  test: boolean;
  q: string;
  sort: Sort;
  order: 'asc' | 'desc';
  page: number;
}

export const tabs: readonly Tab[] = ['mine', 'unassigned', 'open', 'due', 'all'];
const sorts: readonly Sort[] = ['due', 'code', 'received', 'updated', 'waiting'];
const deadlines: readonly Deadline[] = ['overdue', 'soon', 'later', 'none'];
const sources: readonly Source[] = ['zalo', 'web', 'counter'];

export const noFilters: Filters = {
  tab: 'mine', state: [], category: [], unit: [], officer: [], commune: [], deadline: [], activity: [], label: [], source: [],
  received_from: null, received_to: null, reopened: null, has_attachment: null, rating_maximum: null, test: false,
  q: '', sort: 'due', order: 'asc', page: 1,
};

const lists = ['state', 'category', 'unit', 'officer', 'commune', 'activity', 'label'] as const;
const days = ['received_from', 'received_to'] as const;
const switches = ['reopened', 'has_attachment'] as const;

const among = <T extends string>(known: readonly T[], value: string | null): T | undefined => known.find((each) => each === value);

/** Reads an address; what is unknown or malformed is left out. */
export function readFilters(query: URLSearchParams): Filters {
  const filters: Filters = { ...noFilters };
  filters.tab = among(tabs, query.get('tab')) ?? noFilters.tab;
  for (const name of lists) filters[name] = [...new Set(query.getAll(name).filter((value) => value !== ''))].slice(0, 50);
  filters.deadline = deadlines.filter((value) => query.getAll('deadline').includes(value));
  filters.source = sources.filter((value) => query.getAll('source').includes(value));
  for (const name of days) {
    const value = query.get(name) ?? '';
    filters[name] = /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : null;
  }
  for (const name of switches) {
    const value = query.get(name);
    filters[name] = value === 'true' ? true : value === 'false' ? false : null;
  }
  const rating = Number(query.get('rating_maximum'));
  filters.rating_maximum = Number.isInteger(rating) && rating >= 1 && rating <= 5 ? rating : null;
  filters.test = query.get('test') === 'true';
  filters.q = (query.get('q') ?? '').normalize('NFC').slice(0, 200);
  filters.sort = among(sorts, query.get('sort')) ?? noFilters.sort;
  filters.order = among(['asc', 'desc'] as const, query.get('order')) ?? noFilters.order;
  const page = Number(query.get('page'));
  filters.page = Number.isInteger(page) && page >= 1 && page <= 100_000 ? page : 1;
  return filters;
}

/** Writes an address: in a fixed order, without what is as by default, so equal filters have equal addresses. */
export function writeFilters(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(toQuery(filters)))
    for (const each of Array.isArray(value) ? [...value].sort() : [value]) query.append(name, String(each));
  return query;
}

/** The query of the API, without what is as by default. */
export function toQuery(filters: Filters): Partial<Filters> {
  return Object.fromEntries(
    Object.keys(noFilters)
      .map((name) => [name, filters[name as keyof Filters]] as const)
      .filter(([name, value]) => (Array.isArray(value) ? value.length > 0 : value !== noFilters[name as keyof Filters])),
  );
}

/** How many filters are set, tab, search, sorting and paging aside. */
export function countFilters(filters: Filters): number {
  const aside: readonly string[] = ['tab', 'q', 'sort', 'order', 'page'];
  return Object.entries(toQuery(filters))
    .filter(([name]) => !aside.includes(name))
    .reduce((sum, [, value]) => sum + (Array.isArray(value) ? value.length : 1), 0);
}

/** The query of a saved view: the place within the list is not part of it. */
export const viewQuery = (filters: Filters): string => writeFilters({ ...filters, page: 1 }).toString();
