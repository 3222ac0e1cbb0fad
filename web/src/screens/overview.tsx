import { Alert } from '@mantine/core';
import { useEffect } from 'react';
import { Link } from 'react-router-dom';
import { useList, has, useMe } from '../api/queries';
import type { Report } from '../api/types';
import { Empty, Failed, Loading } from '../components/states';
import { noFilters } from '../logic/filters';
import type { Period } from '../logic/periods';
import { bucketsOf, stepFor } from '../logic/series';
import { Bars, Columns, type Part } from '../reach/charts';
import { Figure, FigureRoom } from '../reach/figure';
import { PeriodPicker, usePeriod } from '../reach/period_picker';
import { figuresOf, numberIn, tableOf, useDays, usePlans, useReport, type Compared } from '../reach/queries';

const tiles = ['contacts', 'users_reached', 'questions', 'answered_rate', 'users_informed', 'guided', 'users_filing_link', 'pakn_new', 'pakn_on_time_rate', 'not_understood_rate'];
const outcomeTones = { answered: 'tone-good', clarified: 'tone-a', handed_over: 'tone-b', not_understood: 'tone-bad' } as const;
type Outcome = keyof typeof outcomeTones;
const complaintTones: Record<string, string> = {
  pakn_answered_in_time: 'tone-good', pakn_answered_late: 'tone-warn', pakn_open_in_time: 'tone-a', pakn_open_late: 'tone-bad', pakn_forwarded: 'tone-b', pakn_refused: 'tone-c',
};

export default function OverviewPage() {
  const me = useMe();
  const [period, setPeriod] = usePeriod();
  const plans = usePlans();
  const plan = plans.data?.current ?? null;
  const report = useReport(plan, period);
  useEffect(() => {
    document.title = 'Tổng quan · Một Cửa';
  }, []);
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Tổng quan</h1>
        <PeriodPicker period={period} onChange={setPeriod} />
      </div>
      {has(me, 'officer', 'coordinator') && <Today />}
      {plans.isError || report.isError ? (
        <Failed error={plans.error ?? report.error} again={() => void (plans.isError ? plans.refetch() : report.refetch())} />
      ) : plans.data && plan === null ? (
        <Empty title="Chưa có kế hoạch nào" />
      ) : !report.data ? (
        <Loading lines={12} />
      ) : (
        <FigureRoom definitions={report.data.definitions}>
          <div className={`stack ${report.isPlaceholderData ? 'busy' : ''}`}>
            <Figures report={report.data} period={period} />
          </div>
        </FigureRoom>
      )}
    </div>
  );
}

/** What waits now, whatever the period. */
function Today() {
  const due = useList({ ...noFilters, tab: 'due' });
  const counts = due.data?.counts;
  if (!counts) return null;
  const links = [
    { tab: 'due', title: 'quá hạn, sắp quá hạn', count: counts.due },
    { tab: 'unassigned', title: 'chưa phân công', count: counts.unassigned },
    { tab: 'open', title: 'đang mở', count: counts.open },
  ];
  return (
    <nav className="row" aria-label="Phản ánh hôm nay">
      <span className="quiet">Phản ánh, kiến nghị hiện nay:</span>
      {links.map(({ tab, title, count }) => (
        <Link key={tab} to={`/complaints?tab=${tab}`} className={`tag ${tab === 'due' && count > 0 ? 'hidden' : 'label'}`}>
          {count.toLocaleString('vi-VN')} {title}
        </Link>
      ))}
    </nav>
  );
}

function Figures({ report, period }: { report: Report; period: Period }) {
  const figures = figuresOf(report);
  if (numberIn(figures.get('contacts')?.current) === 0 && numberIn(figures.get('pakn_new')?.current) === 0 && numberIn(figures.get('pakn_carried')?.current) === 0)
    return (
      <Empty title="Chưa có số liệu trong kỳ này">
        <p className="quiet">Anh/chị chọn kỳ khác, hoặc chờ người dân nhắn tin đến kênh.</p>
      </Empty>
    );
  return (
    <>
      <div className="tiles">
        {tiles.map((kpi) => {
          const one = figures.get(kpi);
          return one && <Tile key={kpi} kpi={kpi} one={one} meaning={report.definitions.find((each) => each.kpi === kpi)?.meaning ?? ''} />;
        })}
      </div>
      <Days figures={figures} period={period} />
      <div className="charts">
        <TableBars report={report} table="procedures" name="name" value="count" empty="Chưa có lượt tra cứu nào." code="code" />
        <TableBars report={report} table="fields" name="field" value="questions" empty="Chưa có câu hỏi nào rõ lĩnh vực." />
        <ComplaintBars report={report} figures={figures} />
      </div>
      <p className="quiet">
        Mỗi con số mở ra từng dòng đã đếm. Số liệu đầy đủ và định nghĩa ở trang <Link to={`/reports?from=${period.from}&to=${period.to}`}>Báo cáo</Link>.
      </p>
    </>
  );
}

function Tile({ kpi, one, meaning }: { kpi: string; one: Compared; meaning: string }) {
  return (
    <div className="card tile" data-kpi={kpi} title={meaning}>
      <span className="quiet">{one.name}</span>
      <Figure cell={one.current} title={one.name} className="big" />
      <span className="quiet">
        {one.unit !== '%' && `${one.unit} · `}kỳ trước <Figure cell={one.before} title={`${one.name}, kỳ trước`} />
      </span>
    </div>
  );
}

function Days({ figures, period }: { figures: Map<string, Compared>; period: Period }) {
  const days = useDays(period);
  if (days.isError) return <Failed error={days.error} again={() => void days.refetch()} />;
  if (!days.data) return <Loading />;
  const step = stepFor(period);
  const name = (kpi: string) => figures.get(kpi)?.name ?? kpi;
  const outcomes = Object.entries(outcomeTones).map(([key, tone]) => ({ key: key as Outcome, title: name(key), tone }));
  const contacts: Part<'contacts'>[] = [{ key: 'contacts', title: name('contacts'), tone: 'tone-a' }];
  const contactsOver = bucketsOf(days.data.items, ['contacts'], step);
  const outcomesOver = bucketsOf(days.data.items, ['answered', 'clarified', 'handed_over', 'not_understood'], step);
  const per = { day: 'ngày', week: 'tuần', month: 'tháng' }[step];
  return (
    <div className="charts">
      <section className="card stack tight" aria-label={`${name('contacts')} theo ${per}`}>
        <h2>
          {name('contacts')} theo {per}
        </h2>
        <Columns title={name('contacts')} buckets={contactsOver} parts={contacts} step={step} />
      </section>
      <section className="card stack tight" aria-label={`Kết quả trả lời câu hỏi theo ${per}`}>
        <h2>Kết quả trả lời câu hỏi theo {per}</h2>
        <Columns title={name('questions')} buckets={outcomesOver} parts={outcomes} step={step} />
        <ul className="legend">
          {outcomes.map(({ key, title, tone }) => {
            const one = figures.get(key);
            return (
              <li key={key}>
                <svg aria-hidden viewBox="0 0 10 10">
                  <rect className={tone} width="10" height="10" rx="2" />
                </svg>
                {title} {one && <Figure cell={one.current} title={title} />}
              </li>
            );
          })}
        </ul>
      </section>
    </div>
  );
}

function TableBars({ report, table, name, value, empty, code }: { report: Report; table: string; name: string; value: string; empty: string; code?: string }) {
  const found = tableOf(report, table);
  const rows = found?.rows.filter(({ cells }) => cells[value]?.type === 'masked' || numberIn(cells[value]) > 0) ?? [];
  return (
    <section className="card stack tight" aria-label={found?.title}>
      <h2>{found?.title}</h2>
      {rows.length === 0 ? (
        <p className="quiet">{empty}</p>
      ) : (
        <Bars
          title={found?.title ?? ''}
          bars={rows.map(({ cells }, index) => {
            const title = cells[name]?.words || (code && cells[code]?.words) || '';
            return { key: String(index), title, value: numberIn(cells[value]), figure: cells[value] && <Figure cell={cells[value]} title={title} /> };
          })}
        />
      )}
    </section>
  );
}

function ComplaintBars({ report, figures }: { report: Report; figures: Map<string, Compared> }) {
  const bars = Object.entries(complaintTones).flatMap(([kpi, tone]) => {
    const one = figures.get(kpi);
    return one ? [{ key: kpi, title: one.name, value: numberIn(one.current), figure: <Figure cell={one.current} title={one.name} />, tone }] : [];
  });
  const title = tableOf(report, 'complaints')?.title ?? 'Phản ánh, kiến nghị';
  const moved = ['pakn_carried', 'pakn_new'].flatMap((kpi) => figures.get(kpi) ?? []);
  return (
    <section className="card stack tight" aria-label={title}>
      <h2>{title} cuối kỳ</h2>
      <p className="row quiet">
        {moved.map(({ name, current }) => (
          <span key={name}>
            {name}: <Figure cell={current} title={name} />
          </span>
        ))}
      </p>
      {bars.length === 0 ? <Alert color="gray">Chưa có số liệu.</Alert> : <Bars title={title} bars={bars} />}
    </section>
  );
}
