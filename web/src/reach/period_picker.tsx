import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useKeys } from '../components/keyboard';
import { daysIn, kindOf, periodAround, periodFrom, periodText, shifted, type Period, type PeriodKind } from '../logic/periods';
import { dayOf, serverNow } from '../logic/time';

/** The period of the address, by default the present month. */
export function usePeriod(): [Period, (period: Period) => void] {
  const [query, setQuery] = useSearchParams();
  const period = periodFrom(query) ?? periodAround(dayOf(serverNow()), 'month');
  const change = (next: Period) =>
    setQuery((before) => {
      before.set('from', next.from);
      before.set('to', next.to);
      return before;
    });
  return [period, change];
}

const kinds: { value: PeriodKind; label: string }[] = [
  { value: 'month', label: 'Tháng' },
  { value: 'quarter', label: 'Quý' },
  { value: 'year', label: 'Năm' },
  { value: 'free', label: 'Tự chọn' },
];

export function PeriodPicker({ period, onChange }: { period: Period; onChange: (period: Period) => void }) {
  const [free, setFree] = useState(false);
  const kind = free ? 'free' : kindOf(period);
  useKeys(['report'], { period_before: () => onChange(shifted(period, -1)), period_after: () => onChange(shifted(period, 1)) });
  const choose = (value: string) => {
    setFree(value === 'free');
    if (value === 'free') return;
    // The period of the new kind that holds the old one's end, but none that has yet to come.
    const today = dayOf(serverNow());
    onChange(periodAround(period.to < today ? period.to : period.from < today ? today : period.from, value as Exclude<PeriodKind, 'free'>));
  };
  return (
    <div className="row period" role="group" aria-label="Kỳ báo cáo">
      <SegmentedControl aria-label="Loại kỳ" data={kinds} value={kind} onChange={choose} />
      {kind === 'free' ? (
        <FreePeriod key={`${period.from}${period.to}`} period={period} onChange={onChange} />
      ) : (
        <div className="row">
          <ActionIcon variant="default" size="lg" aria-label="Kỳ trước" onClick={() => onChange(shifted(period, -1))}>
            ‹
          </ActionIcon>
          <strong className="period-name" aria-live="polite">
            {periodText(period)}
          </strong>
          <ActionIcon variant="default" size="lg" aria-label="Kỳ sau" onClick={() => onChange(shifted(period, 1))}>
            ›
          </ActionIcon>
        </div>
      )}
    </div>
  );
}

function FreePeriod({ period, onChange }: { period: Period; onChange: (period: Period) => void }) {
  const [wanted, setWanted] = useState(period);
  const usable = periodFrom(new URLSearchParams({ ...wanted })) !== null;
  return (
    <form
      className="row"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (usable) onChange(wanted);
      }}
    >
      <TextInput type="date" aria-label="Từ ngày" value={wanted.from} onChange={(event) => setWanted({ ...wanted, from: event.currentTarget.value })} />
      <span aria-hidden>–</span>
      <TextInput type="date" aria-label="Đến ngày" value={wanted.to} onChange={(event) => setWanted({ ...wanted, to: event.currentTarget.value })} />
      <Button type="submit" variant="default" disabled={!usable}>
        Xem
      </Button>
      <span className="quiet">{usable ? `${daysIn(wanted).toLocaleString('vi-VN')} ngày` : 'Ngày cuối phải sau ngày đầu, dài nhất mười năm'}</span>
    </form>
  );
}
