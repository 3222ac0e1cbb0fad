import { Button, Modal, Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { api, ask } from '../api/client';
import { has, useChange, useMe, useNames } from '../api/queries';
import type { Plan, PlanActivity, PlanEntry, Report, ReportCell, ReportTable } from '../api/types';
import { Empty, Failed, Loading, complained, told } from '../components/states';
import { periodText } from '../logic/periods';
import { dateText, instantText } from '../logic/time';
import { EntryDialog, type Entering } from '../reach/entry_dialog';
import { Figure, FigureRoom } from '../reach/figure';
import { codeAddress, evidenceAddress, reachKeys, tableOf, useEntries, usePlans, useReport } from '../reach/queries';

export default function PlanPage() {
  const plans = usePlans();
  const [query, setQuery] = useSearchParams();
  const items = plans.data?.items ?? [];
  const plan = items.find(({ id }) => id === (query.get('plan') ?? plans.data?.current)) ?? items.find(({ id }) => id === plans.data?.current);
  useEffect(() => {
    document.title = 'Kế hoạch & từ khóa · Một Cửa';
  }, []);
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Kế hoạch &amp; từ khóa</h1>
        {items.length > 1 && (
          <Select
            aria-label="Kế hoạch" allowDeselect={false} data={items.map(({ id, title }) => ({ value: id, label: `${id} – ${title}` }))} value={plan?.id ?? null}
            onChange={(id) => id !== null && setQuery({ plan: id })}
          />
        )}
      </div>
      {plans.isPending ? (
        <Loading />
      ) : !plans.data ? (
        <Failed error={plans.error} again={() => void plans.refetch()} />
      ) : !plan ? (
        <Empty title="Chưa có kế hoạch nào">
          <p className="quiet">Kế hoạch là một tệp trong thư mục data/plans.</p>
        </Empty>
      ) : (
        <PlanView key={plan.id} plan={plan} today={plans.data.today} current={plan.id === plans.data.current} />
      )}
    </div>
  );
}

/** The plan with its reach to date: the keywords of the newest plan are answered as long as there is no other. */
function PlanView({ plan, today, current }: { plan: Plan; today: string; current: boolean }) {
  const mayEnter = has(useMe(), 'coordinator', 'editor');
  const to = current && today >= plan.period.from ? today : plan.period.to;
  const report = useReport(plan.id, { from: plan.period.from, to });
  const [entering, setEntering] = useState<Entering | null>(null);
  return (
    <>
      <p>
        {plan.title} <span className="quiet">({plan.number}, {plan.issuer})</span>
      </p>
      <p className="quiet">
        Số ghi nhận được từ {dateText(plan.period.from)} đến {dateText(to)}. Kế hoạch: {periodText(plan.period)}.
      </p>
      {!report.data ? (
        report.isError ? <Failed error={report.error} again={() => void report.refetch()} /> : <Loading lines={10} />
      ) : (
        <FigureRoom definitions={report.data.definitions}>
          <Total report={report.data} />
          {plan.activities.map((activity) => (
            <Activity key={activity.id} plan={plan.id} activity={activity} report={report.data} onEnter={mayEnter ? setEntering : null} />
          ))}
        </FigureRoom>
      )}
      {entering && <EntryDialog plan={plan.id} what={entering} onClose={() => setEntering(null)} />}
    </>
  );
}

type Cells = Record<string, ReportCell>;
/** The rows of the table whose `column` reads so. */
const rowsWith = (table: ReportTable | undefined, column: string, words: string): Cells[] => table?.rows.map(({ cells }) => cells).filter((cells) => cells[column]?.words === words) ?? [];

function Numbers({ table, cells, subject }: { table: ReportTable; cells: Cells; subject: string }) {
  return (
    <dl className="numbers">
      {table.columns.slice(2).map(({ id, title }) => {
        const cell = cells[id];
        if (!cell || cell.words === '') return null;
        return (
          <div key={id}>
            <dt>{title}</dt>
            <dd>
              <Figure cell={cell} title={`${subject}, ${title}`} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Total({ report }: { report: Report }) {
  const table = tableOf(report, 'activities');
  const total = table?.rows.find(({ kind }) => kind === 'total');
  if (!table || !total) return null;
  return (
    <section className="card stack tight" aria-label="Cả kế hoạch">
      <h2>Cả kế hoạch</h2>
      <Numbers table={table} cells={total.cells} subject="Cả kế hoạch" />
      {table.notes.map((note) => (
        <p className="quiet" key={note}>
          {note}
        </p>
      ))}
    </section>
  );
}

function Activity({ plan, activity, report, onEnter }: { plan: string; activity: PlanActivity; report: Report; onEnter: ((what: Entering) => void) | null }) {
  const table = tableOf(report, 'activities');
  const [cells] = rowsWith(table, table?.columns[0]?.id ?? '', activity.id);
  const results = tableOf(report, 'plan_results')?.rows.filter(({ cells: each }) => each.no?.words === activity.id) ?? [];
  return (
    <section className="card stack activity" aria-label={`Hoạt động ${activity.id}`} data-activity={activity.id}>
      <div>
        <h2>
          <span className="code">{activity.id}</span> {activity.name}
        </h2>
        <p className="quiet">{activity.lead}</p>
        {activity.partners !== '' && <p className="quiet">Phối hợp: {activity.partners}</p>}
      </div>
      {table && cells && <Numbers table={table} cells={cells} subject={`Hoạt động ${activity.id}`} />}
      <div className="frame">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Sản phẩm, kết quả dự kiến</th>
              <th scope="col">Kết quả</th>
              {onEnter && (
                <th scope="col">
                  <span className="hidden-text">Thao tác</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {activity.products.map((product) => (
              <tr key={product.id}>
                <td className="text">{product.words}</td>
                <td>
                  <ul className="results">
                    {results
                      .filter(({ cells: each }) => each.product?.words === product.words)
                      .map(({ cells: each }, index) => (
                        <li key={index}>
                          {each.measure?.words}: {each.result && <Figure cell={each.result} title={`${activity.id}, ${each.measure?.words ?? ''}`} />} {each.unit?.words}
                          {each.result?.by_hand && <span className="tag">nhập tay</span>}
                        </li>
                      ))}
                  </ul>
                </td>
                {onEnter && (
                  <td>
                    {product.by_hand !== null && (
                      <Button size="xs" variant="default" aria-label={`Nhập kết quả ${product.id}`} onClick={() => onEnter({ activity, sort: 'result', product: product.id })}>
                        Nhập kết quả
                      </Button>
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {activity.keywords.length > 0 && <Keywords plan={plan} activity={activity} report={report} onEnter={onEnter} />}
      <Entries plan={plan} activity={activity} onEnter={onEnter} />
    </section>
  );
}

function Keywords({ plan, activity, report, onEnter }: { plan: string; activity: PlanActivity; report: Report; onEnter: ((what: Entering) => void) | null }) {
  const [shown, setShown] = useState<PlanActivity['keywords'][number] | null>(null);
  const table = tableOf(report, 'keywords');
  const numbers = table?.columns.slice(3) ?? [];
  return (
    <div className="frame">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Từ khóa</th>
            <th scope="col">In hoặc đọc trên</th>
            {numbers.map(({ id, title }) => (
              <th scope="col" key={id}>
                {title}
              </th>
            ))}
            <th scope="col">Mã QR</th>
            {onEnter && (
              <th scope="col">
                <span className="hidden-text">Thao tác</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {activity.keywords.map((keyword) => {
            const [cells] = rowsWith(table, 'keyword', keyword.code);
            return (
              <tr key={keyword.code} data-keyword={keyword.code}>
                <td className="code">{keyword.code}</td>
                <td>{keyword.title}</td>
                {numbers.map(({ id, title }) => (
                  <td key={id} data-title={title}>{cells?.[id] && <Figure cell={cells[id]} title={`${keyword.code}, ${title}`} />}</td>
                ))}
                <td className="tight">
                  <button type="button" className="plain" aria-label={`Xem mã QR của ${keyword.code}`} onClick={() => setShown(keyword)}>
                    Xem
                  </button>
                  <a href={codeAddress(plan, keyword.code, 'png')} download aria-label={`Tải mã QR của ${keyword.code}, PNG`}>
                    PNG
                  </a>{' '}
                  <a href={codeAddress(plan, keyword.code, 'svg')} download aria-label={`Tải mã QR của ${keyword.code}, SVG`}>
                    SVG
                  </a>
                </td>
                {onEnter && (
                  <td>
                    <Button size="xs" variant="default" aria-label={`Nhập số đã phát của ${keyword.code}`} onClick={() => onEnter({ activity, sort: 'handed_out', product: keyword.code })}>
                      Nhập số đã phát
                    </Button>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {shown && (
        <Modal opened onClose={() => setShown(null)} title={`${shown.code} – ${shown.title}`}>
          <div className="stack state">
            <img className="qr" src={codeAddress(plan, shown.code, 'svg')} alt={`Mã QR dẫn đến ${shown.page}`} />
            <a href={shown.page} target="_blank" rel="noreferrer">
              {shown.page}
            </a>
            <p className="quiet">Quét mã này mở trang của từ khóa và được đếm ở cột “lượt mở trang”; người dân nhắn từ khóa thì được ghi nhận cho hoạt động.</p>
            <p className="quiet">
              Nút của tin truyền thông trên Zalo gửi <code>{shown.payload}</code>: người dân bấm nút được ghi nhận như nhắn từ khóa.
            </p>
          </div>
        </Modal>
      )}
    </div>
  );
}

function Entries({ plan, activity, onEnter }: { plan: string; activity: PlanActivity; onEnter: ((what: Entering) => void) | null }) {
  const names = useNames();
  const entries = useEntries(plan);
  const [withdrawnToo, setWithdrawnToo] = useState(false);
  const [asked, setAsked] = useState<PlanEntry | null>(null);
  const withdraw = useChange((id: string) => ask(api.DELETE('/plans/{plan}/entries/{id}', { params: { path: { plan, id } } })), reachKeys.reports);
  if (entries.isError) return <Failed error={entries.error} again={() => void entries.refetch()} />;
  const all = entries.data?.items.filter((one) => one.activity === activity.id) ?? [];
  const withdrawn = all.filter(({ withdrawn_by }) => withdrawn_by !== null).length;
  const shown = withdrawnToo ? all : all.filter(({ withdrawn_by }) => withdrawn_by === null);
  if (all.length === 0) return null;
  const what = ({ sort, product }: PlanEntry) => (sort === 'handed_out' ? `Đã phát: ${product}` : (activity.products.find(({ id }) => id === product)?.words ?? product));
  return (
    <details className="stack">
      <summary>
        Đã nhập tay {all.length - withdrawn} lần{withdrawn > 0 && `, ${withdrawn} lần đã rút`}
      </summary>
      <div className="frame">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Ngày</th>
              <th scope="col">Số lượng</th>
              <th scope="col">Nội dung, minh chứng</th>
              <th scope="col">Người nhập</th>
              {onEnter && (
                <th scope="col">
                  <span className="hidden-text">Thao tác</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.id} className={one.withdrawn_by === null ? undefined : 'withdrawn'}>
                <td className="tight">{dateText(one.day)}</td>
                <td>
                  {one.quantity.toLocaleString('vi-VN')} {one.unit}
                  {one.participants !== null && <div className="quiet">{one.participants.toLocaleString('vi-VN')} người tham gia</div>}
                </td>
                <td className="text">
                  <div className="quiet">{what(one)}</div>
                  {one.note}{' '}
                  {one.evidence_link !== null && (
                    <a href={one.evidence_link} target="_blank" rel="noreferrer">
                      minh chứng
                    </a>
                  )}{' '}
                  {one.evidence_file !== null && (
                    <a href={evidenceAddress(plan, one.id)} target="_blank" rel="noreferrer">
                      {one.evidence_name}
                    </a>
                  )}
                </td>
                <td>
                  {names.staff(one.entered_by)}
                  <div className="quiet">{instantText(one.entered_at)}</div>
                  {one.withdrawn_by !== null && (
                    <div className="quiet">
                      Rút: {names.staff(one.withdrawn_by)}, {one.withdrawn_at !== null && instantText(one.withdrawn_at)}
                    </div>
                  )}
                </td>
                {onEnter && (
                  <td className="tight">
                    {one.withdrawn_by === null && (
                      <>
                        <Button size="xs" variant="default" onClick={() => onEnter({ activity, sort: one.sort, former: one })}>
                          Sửa
                        </Button>{' '}
                        <Button size="xs" variant="subtle" color="red" onClick={() => setAsked(one)}>
                          Rút
                        </Button>
                      </>
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {withdrawn > 0 && (
        <button type="button" className="plain" aria-pressed={withdrawnToo} onClick={() => setWithdrawnToo(!withdrawnToo)}>
          {withdrawnToo ? 'Ẩn số đã rút' : 'Hiện cả số đã rút'}
        </button>
      )}
      {asked && (
        <Modal opened onClose={() => setAsked(null)} title="Rút kết quả này?">
          <div className="stack">
            <p>
              {dateText(asked.day)}: {asked.quantity.toLocaleString('vi-VN')} {asked.unit}. Số này không được tính nữa nhưng vẫn xem được, kèm tên người rút.
            </p>
            <div className="row end">
              <Button variant="default" onClick={() => setAsked(null)}>
                Thôi
              </Button>
              <Button
                color="red" loading={withdraw.isPending}
                onClick={() =>
                  withdraw.mutate(asked.id, {
                    onSuccess: () => {
                      told('Đã rút');
                      setAsked(null);
                    },
                    onError: complained,
                  })
                }
              >
                Rút
              </Button>
            </div>
          </div>
        </Modal>
      )}
    </details>
  );
}
