import type { ReactNode } from 'react';
import { bucketLabel, bucketTitle, ticksFor, type Bucket, type Step } from '../logic/series';

// Small charts of our own: SVG that the page's policy allows, numbers in a table for whoever cannot see them.

const count = (value: number): string => value.toLocaleString('vi-VN');

export interface Part<Key extends string> {
  key: Key;
  title: string;
  tone: string; // class of styles.css
}

const width = 720;
const height = 220;
const left = 46;
const bottom = 24;
const top = 8;

/** Columns over time, one upon the other if there are several parts. */
export function Columns<Key extends string>({ title, buckets, parts, step }: { title: string; buckets: Bucket<Key>[]; parts: Part<Key>[]; step: Step }) {
  const totals = buckets.map(({ values }) => parts.reduce((sum, { key }) => sum + values[key], 0));
  const ticks = ticksFor(Math.max(0, ...totals));
  const highest = ticks.at(-1)!;
  const room = (width - left) / Math.max(1, buckets.length);
  const scale = (value: number): number => (value / highest) * (height - top - bottom);
  const every = Math.ceil(buckets.length / 12); // labels that fit
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}: ${count(totals.reduce((sum, each) => sum + each, 0))}`}>
        {ticks.map((tick) => (
          <g key={tick} className="grid">
            <line x1={left} x2={width} y1={height - bottom - scale(tick)} y2={height - bottom - scale(tick)} />
            <text x={left - 6} y={height - bottom - scale(tick) + 4} textAnchor="end">
              {count(tick)}
            </text>
          </g>
        ))}
        {buckets.map((bucket, index) => {
          let below = 0;
          const x = left + index * room + room * 0.12;
          return (
            <g key={bucket.from}>
              <title>{[bucketTitle(bucket), ...parts.map(({ key, title: name }) => `${name}: ${count(bucket.values[key])}`)].join('\n')}</title>
              <rect className="reach" x={left + index * room} y={top} width={room} height={height - top - bottom} />
              {parts.map(({ key, tone }) => {
                const tall = scale(bucket.values[key]);
                below += tall;
                return <rect key={key} className={tone} x={x} y={height - bottom - below} width={room * 0.76} height={tall} />;
              })}
              {index % every === 0 && (
                <text className="label" x={left + (index + 0.5) * room} y={height - 7} textAnchor="middle">
                  {bucketLabel(bucket, step)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <div className="hidden-text">
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">Thời gian</th>
              {parts.map(({ key, title: name }) => (
                <th scope="col" key={key}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {buckets.map((bucket) => (
              <tr key={bucket.from}>
                <th scope="row">{bucketTitle(bucket)}</th>
                {parts.map(({ key }) => (
                  <td key={key}>{count(bucket.values[key])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

export interface Bar {
  key: string;
  title: string;
  value: number;
  figure: ReactNode; // the number, that opens its rows
  tone?: string;
}

/** Bars to the right with their names, the longest one as wide as there is room. */
export function Bars({ title, bars }: { title: string; bars: Bar[] }) {
  const highest = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <ul className="bars" aria-label={title}>
      {bars.map(({ key, title: name, value, figure, tone = 'tone-a' }) => (
        <li key={key}>
          <span className="bar-name">{name}</span>
          <svg className="bar" aria-hidden preserveAspectRatio="none" viewBox="0 0 100 10">
            <rect className={tone} x="0" y="0" width={(value / highest) * 100} height="10" />
          </svg>
          <span className="bar-value">{figure}</span>
        </li>
      ))}
    </ul>
  );
}
