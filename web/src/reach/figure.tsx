import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import type { ReportCell, ReportDefinition } from '../api/types';
import { RowsDrawer } from './rows';

/** What the drawer is opened for. */
export interface Opened {
  rows: string;
  words: string;
  title: string;
  kpi: string | undefined;
}

const OpenRows = createContext<((what: Opened) => void) | null>(null);

/** Every figure below opens its rows in one drawer. */
export function FigureRoom({ definitions, children }: { definitions: readonly ReportDefinition[]; children: ReactNode }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const definition = useMemo(() => definitions.find(({ kpi }) => kpi === opened?.kpi), [definitions, opened]);
  return (
    <OpenRows value={setOpened}>
      {children}
      {opened !== null && <RowsDrawer key={opened.rows} opened={opened} definition={definition} onClose={() => setOpened(null)} />}
    </OpenRows>
  );
}

/** A number of the report: a button if there are rows behind it. */
export function Figure({ cell, title, className = '' }: { cell: ReportCell; title: string; className?: string }) {
  const open = useContext(OpenRows);
  const { rows, words, kpi } = cell;
  if (rows === undefined || open === null || cell.type === 'none') return <span className={className}>{words}</span>;
  return (
    <button type="button" className={`figure ${className}`} data-figure={rows} aria-label={`${title}: ${words}. Xem từng dòng`} onClick={() => open({ rows, words, title, kpi })}>
      {words}
    </button>
  );
}
