import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, ask } from '../api/client';
import type { Report, ReportCell, ReportTable } from '../api/types';
import type { Period } from '../logic/periods';

// Beside keysOf of api/queries: no event changes these.
export const reachKeys = {
  plans: ['plans'] as const,
  reports: ['report'] as const,
  report: (plan: string, period: Period, mask: boolean) => ['report', plan, period, mask] as const,
  days: (period: Period) => ['reach-days', period] as const,
  rows: (figure: string) => ['report', 'rows', figure] as const,
  entries: (plan: string) => ['report', 'entries', plan] as const,
  links: ['report-links'] as const,
};

export const usePlans = () => useQuery({ queryKey: reachKeys.plans, queryFn: () => ask(api.GET('/plans')), staleTime: 5 * 60_000 });

export const useReport = (plan: string | null, period: Period, mask = false) =>
  useQuery({
    queryKey: reachKeys.report(plan ?? '', period, mask),
    queryFn: () => ask(api.GET('/plans/{plan}/report', { params: { path: { plan: plan ?? '' }, query: { ...period, mask_small: mask } } })),
    enabled: plan !== null,
    placeholderData: (before) => before,
  });

export const useDays = (period: Period) =>
  useQuery({
    queryKey: reachKeys.days(period),
    queryFn: () => ask(api.GET('/reach/days', { params: { query: { ...period } } })),
    placeholderData: (before) => before,
  });

export const useRows = (figure: string) =>
  useInfiniteQuery({
    queryKey: reachKeys.rows(figure),
    queryFn: ({ pageParam }) => ask(api.GET('/reach/rows', { params: { query: { figure, offset: pageParam } } })),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const shown = pages.reduce((sum, page) => sum + rowsOn(page), 0);
      return shown < last.total && rowsOn(last) > 0 ? shown : undefined;
    },
  });
export const rowsOn = (page: { contacts: unknown[]; answers: unknown[]; complaints: unknown[]; entries: unknown[] }): number =>
  page.contacts.length + page.answers.length + page.complaints.length + page.entries.length;

export const useEntries = (plan: string) => useQuery({ queryKey: reachKeys.entries(plan), queryFn: () => ask(api.GET('/plans/{plan}/entries', { params: { path: { plan } } })) });
export const useReportLinks = (enabled: boolean) => useQuery({ queryKey: reachKeys.links, queryFn: () => ask(api.GET('/report-links')), enabled });

// ---- finding one's way in a report

export const tablesOf = (report: Report): ReportTable[] => [...report.sections.flatMap(({ tables }) => tables), ...report.annexes];
export const tableOf = (report: Report, id: string): ReportTable | undefined => tablesOf(report).find((table) => table.id === id);

export interface Compared {
  name: string;
  unit: string;
  before: ReportCell;
  current: ReportCell;
  cumulative: ReportCell;
}
/** The figures of the general annex by id. */
export function figuresOf(report: Report): Map<string, Compared> {
  const found = new Map<string, Compared>();
  for (const { cells } of tableOf(report, 'annex_1')?.rows ?? []) {
    const { name, unit, before, current, cumulative } = cells;
    if (name && unit && before && current?.kpi && cumulative) found.set(current.kpi, { name: name.words, unit: unit.words, before, current, cumulative });
  }
  return found;
}
/** A count of a cell; of a hidden or missing one 0. */
export const numberIn = (cell: ReportCell | undefined): number => (cell?.type === 'number' && typeof cell.value === 'number' ? cell.value : 0);

export const fileAddress = (plan: string, period: Period, mask: boolean, format: string): string =>
  `/api/v1/plans/${encodeURIComponent(plan)}/report/file?${new URLSearchParams({ from: period.from, to: period.to, mask_small: String(mask), format }).toString()}`;
export const evidenceAddress = (plan: string, entry: string): string => `/api/v1/plans/${encodeURIComponent(plan)}/entries/${encodeURIComponent(entry)}/evidence`;
export const codeAddress = (plan: string, keyword: string, format: 'png' | 'svg'): string => `/api/v1/plans/${encodeURIComponent(plan)}/keywords/${encodeURIComponent(keyword)}/qr?format=${format}`;
