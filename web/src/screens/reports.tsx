import { Alert, Button, Checkbox, Menu, Select } from '@mantine/core';
import { useEffect } from 'react';
import { useSearchParams } from 'react-router-dom';
import { has, useMe } from '../api/queries';
import type { Report } from '../api/types';
import { Empty, Failed, Loading } from '../components/states';
import { dateText } from '../logic/time';
import { FigureRoom } from '../reach/figure';
import { PeriodPicker, usePeriod } from '../reach/period_picker';
import { fileAddress, tableOf, tablesOf, usePlans, useReport } from '../reach/queries';
import { ReportLinks } from '../reach/report_links';
import { ReportTableView } from '../reach/report_table';

const formats = [
  { format: 'docx', title: 'Word (.docx)' },
  { format: 'xlsx', title: 'Excel (.xlsx)' },
  { format: 'csv', title: 'CSV (.csv)' },
  { format: 'json', title: 'JSON (.json)' },
];

export default function ReportsPage() {
  const me = useMe();
  const plans = usePlans();
  const [period, setPeriod] = usePeriod();
  const [query, setQuery] = useSearchParams();
  const items = plans.data?.items ?? [];
  const wanted = query.get('plan');
  const plan = items.find(({ id }) => id === wanted) ?? items.find(({ id }) => id === plans.data?.current);
  const mask = query.get('mask') === '1';
  const report = useReport(plan?.id ?? null, period, mask);
  const set = (name: string, value: string | null) =>
    setQuery((before) => {
      if (value === null) before.delete(name);
      else before.set(name, value);
      return before;
    });
  useEffect(() => {
    document.title = 'Báo cáo · Một Cửa';
  }, []);
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Báo cáo</h1>
        {plan && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button>Tải báo cáo ▾</Button>
            </Menu.Target>
            <Menu.Dropdown>
              {formats.map(({ format, title }) => (
                <Menu.Item key={format} component="a" href={fileAddress(plan.id, period, mask, format)} download>
                  {title}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      <div className="row">
        <PeriodPicker period={period} onChange={setPeriod} />
        {plan && (
          <Button variant="default" onClick={() => setPeriod(plan.period)}>
            Cả kỳ kế hoạch
          </Button>
        )}
        {items.length > 1 && <Select aria-label="Kế hoạch" allowDeselect={false} data={items.map(({ id, title }) => ({ value: id, label: `${id} – ${title}` }))} value={plan?.id ?? null} onChange={(id) => set('plan', id)} />}
        <Checkbox label="Ghi “<5” thay cho số dưới 5 (để công bố)" checked={mask} onChange={(event) => set('mask', event.currentTarget.checked ? '1' : null)} />
      </div>
      {plans.isError || (report.isError && !report.data) ? (
        <Failed error={plans.error ?? report.error} again={() => void (plans.isError ? plans.refetch() : report.refetch())} />
      ) : plans.data && !plan ? (
        <Empty title="Chưa có kế hoạch nào" />
      ) : !report.data ? (
        <Loading lines={14} />
      ) : (
        <FigureRoom definitions={report.data.definitions}>
          <div className={`report-page ${report.isPlaceholderData ? 'busy' : ''}`} aria-busy={report.isPlaceholderData}>
            <Body report={report.data} />
            <Aside report={report.data} />
          </div>
        </FigureRoom>
      )}
      {plans.data && has(me, 'coordinator', 'admin') && <ReportLinks plans={plans.data.items} />}
    </div>
  );
}

function Body({ report }: { report: Report }) {
  const corrections = tableOf(report, 'corrections');
  return (
    <div className="stack report-body">
      <div>
        <h2>{report.subject}</h2>
        <p className="quiet">
          Từ ngày {dateText(report.period.from)} đến ngày {dateText(report.period.to)}
          {report.provenance.small_masked && ' · số dưới 5 được ghi “<5”'}
        </p>
      </div>
      {corrections && (
        <Alert color="blue" title={`${corrections.rows.length.toLocaleString('vi-VN')} lần điều chỉnh số liệu của tháng đã qua`}>
          Xem <a href="#bang-corrections">{corrections.title}</a>.
        </Alert>
      )}
      {report.sections.map(({ numeral, title, paragraphs, tables }) => (
        <section className="stack" key={numeral} aria-label={`${numeral}. ${title}`}>
          <h2>
            {numeral}. {title}
          </h2>
          {paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          {tables.map((table) => (
            <ReportTableView key={table.id} table={table} />
          ))}
        </section>
      ))}
      <section className="stack" aria-label="Phụ lục">
        <h2>Phụ lục</h2>
        {report.annexes.map((table) => (
          <ReportTableView key={table.id} table={table} />
        ))}
      </section>
    </div>
  );
}

function Aside({ report }: { report: Report }) {
  return (
    <aside className="stack report-aside">
      <nav className="card stack tight" aria-label="Mục lục">
        <h2>Mục lục</h2>
        {tablesOf(report).map(({ id, title }) => (
          <a key={id} href={`#bang-${id}`}>
            {title}
          </a>
        ))}
      </nav>
      <section className="card stack tight" aria-label="Định nghĩa">
        <h2>Định nghĩa</h2>
        <dl className="definitions">
          {report.definitions.map(({ kpi, name, unit, meaning }) => (
            <div key={kpi} data-definition={kpi}>
              <dt>
                {name} <span className="quiet">({unit})</span>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        {report.notes.map((note) => (
          <p className="quiet" key={note}>
            {note}
          </p>
        ))}
        <p className="quiet">
          Phiên bản định nghĩa {report.provenance.definitions_version.slice(0, 12)}, kế hoạch {report.provenance.plan_version.slice(0, 12)}.{report.provenance.verified !== '' && ` ${report.provenance.verified}`}
        </p>
      </section>
    </aside>
  );
}
