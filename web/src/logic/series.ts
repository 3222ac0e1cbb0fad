import { daysIn, type Period } from './periods';

/** A column of a chart: one day, week or month. */
export interface Bucket<Key extends string> {
  from: string;
  to: string;
  values: Record<Key, number>;
}
export type Step = 'day' | 'week' | 'month';

/** As fine as there is room for. */
export function stepFor(period: Period): Step {
  const days = daysIn(period);
  return days <= 45 ? 'day' : days <= 190 ? 'week' : 'month';
}

/** Days, in order, put together; nothing is lost: the sums stay. Weeks begin on the first day given. */
export function bucketsOf<Key extends string>(days: readonly ({ day: string } & Record<NoInfer<Key>, number>)[], keys: readonly Key[], step: Step): Bucket<Key>[] {
  const buckets: Bucket<Key>[] = [];
  days.forEach((one, index) => {
    const last = buckets.at(-1);
    const begins = last === undefined || step === 'day' || (step === 'week' ? index % 7 === 0 : last.to.slice(0, 7) !== one.day.slice(0, 7));
    const into = begins ? { from: one.day, to: one.day, values: Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number> } : last;
    if (begins) buckets.push(into);
    into.to = one.day;
    for (const key of keys) into.values[key] += one[key];
  });
  return buckets;
}

/** Round numbers from 0 up to at least the highest value, four or five of them. */
export function ticksFor(highest: number): number[] {
  const rough = Math.max(1, highest / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough && Number.isInteger(each)) ?? 10 * power;
  const ticks = [0];
  while (ticks.at(-1)! < highest) ticks.push(ticks.at(-1)! + step);
  return ticks.length === 1 ? [0, step] : ticks;
}

const short = (day: string): string => `${Number(day.slice(8))}/${Number(day.slice(5, 7))}`;
/** Below the column: "5/11", "11/2026" */
export const bucketLabel = (bucket: { from: string }, step: Step): string => (step === 'month' ? `${Number(bucket.from.slice(5, 7))}/${bucket.from.slice(0, 4)}` : short(bucket.from));
/** In words: "05/11/2026", "từ 05/11/2026 đến 11/11/2026" */
export function bucketTitle(bucket: { from: string; to: string }): string {
  const date = (day: string) => day.split('-').reverse().join('/');
  return bucket.from === bucket.to ? date(bucket.from) : `từ ${date(bucket.from)} đến ${date(bucket.to)}`;
}
