// Periods of calendar days, as "2026-11-01". Day arithmetic is done in UTC: only days matter, and nobody's clock.

export interface Period {
  from: string;
  to: string;
}
export type PeriodKind = 'month' | 'quarter' | 'year' | 'free';

const monthsOf: Record<Exclude<PeriodKind, 'free'>, number> = { month: 1, quarter: 3, year: 12 };
const longestDays = 3660;

const parts = (day: string): [number, number, number] => day.split('-').map(Number) as [number, number, number];
/** Month and day may lie outside of their range: they carry over, as in Date. */
function dayFrom(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** The period of that kind that holds the day. */
export function periodAround(day: string, kind: Exclude<PeriodKind, 'free'>): Period {
  const [year, month] = parts(day);
  const length = monthsOf[kind];
  const first = month - ((month - 1) % length);
  return { from: dayFrom(year, first, 1), to: dayFrom(year, first + length, 0) };
}

export function kindOf(period: Period): PeriodKind {
  for (const kind of ['month', 'quarter', 'year'] as const) {
    const same = periodAround(period.from, kind);
    if (same.from === period.from && same.to === period.to) return kind;
  }
  return 'free';
}

export const daysIn = (period: Period): number => (Date.parse(period.to) - Date.parse(period.from)) / 86_400_000 + 1;

/** The next one of its kind (`steps` 1), or the one before (-1); a free one moves by its length. */
export function shifted(period: Period, steps: number): Period {
  const kind = kindOf(period);
  if (kind === 'free') {
    const move = steps * daysIn(period);
    const shift = (day: string) => {
      const [year, month, date] = parts(day);
      return dayFrom(year, month, date + move);
    };
    return { from: shift(period.from), to: shift(period.to) };
  }
  const [year, month] = parts(period.from);
  return periodAround(dayFrom(year, month + steps * monthsOf[kind], 1), kind);
}

const dateText = (day: string): string => day.split('-').reverse().join('/');

/** "Tháng 11/2026", "Quý IV/2026", "Năm 2026", "01/11/2026 – 15/11/2026" */
export function periodText(period: Period): string {
  const [year, month] = parts(period.from);
  switch (kindOf(period)) {
    case 'month':
      return `Tháng ${month}/${year}`;
    case 'quarter':
      return `Quý ${['I', 'II', 'III', 'IV'][(month - 1) / 3]}/${year}`;
    case 'year':
      return `Năm ${year}`;
    case 'free':
      return period.from === period.to ? dateText(period.from) : `${dateText(period.from)} – ${dateText(period.to)}`;
  }
}

const isDay = (text: string | null): text is string => text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && text >= '2000-01-01' && text < '2200-01-01';

/** Of an address; null unless it is one that the server takes. */
export function periodFrom(query: URLSearchParams): Period | null {
  const from = query.get('from');
  const to = query.get('to');
  if (!isDay(from) || !isDay(to) || to < from) return null;
  return daysIn({ from, to }) <= longestDays ? { from, to } : null;
}
