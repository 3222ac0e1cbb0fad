import { Button, Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { has, useMe, useNames } from '../api/queries';
import type { FigureRows, ReportDefinition } from '../api/types';
import { Failed, Loading } from '../components/states';
import { dateText, instantText } from '../logic/time';
import type { Opened } from './figure';
import { evidenceAddress, useRows } from './queries';

type Contact = FigureRows['contacts'][number];

const kinds: Record<Contact['is'], string> = {
  message: 'Tin nhắn', tap: 'Bấm nút', media: 'Tệp gửi', follow: 'Quan tâm', unfollow: 'Bỏ quan tâm', link: 'Mở liên kết nộp hồ sơ', scan: 'Mở trang từ khóa', other: 'Khác',
};
const outcomes: Record<NonNullable<Contact['outcome']>, string> = {
  answered: 'Được trả lời', clarified: 'Hỏi lại', not_understood: 'Chưa hiểu', handed_over: 'Chuyển cán bộ', menu: 'Mục lục', greeting: 'Chào hỏi', silent: 'Không cần trả lời',
};
const count = (value: number): string => value.toLocaleString('vi-VN');

/** What a figure counts, one row each. */
export function RowsDrawer({ opened, definition, onClose }: { opened: Opened; definition: ReportDefinition | undefined; onClose: () => void }) {
  const rows = useRows(opened.rows);
  const pages = rows.data?.pages ?? [];
  const first = pages[0];
  return (
    <Drawer opened onClose={onClose} size="xl" title={`${opened.title}: ${opened.words}`}>
      <div className="stack">
        {definition && <p className="quiet">{definition.meaning}</p>}
        {rows.isPending ? (
          <Loading />
        ) : !first ? (
          <Failed error={rows.error} again={() => void rows.refetch()} />
        ) : first.total === 0 ? (
          <p>Không có dòng nào.</p>
        ) : (
          <>
            <p role="status" data-total={first.total} data-quantity={first.quantity}>
              <strong>{count(first.total)}</strong> {nouns[first.kind]}
              {first.kind === 'entries' && `, tổng số lượng ${count(first.quantity)}${first.participants > 0 ? `, ${count(first.participants)} người tham gia` : ''}`}
            </p>
            <div className="frame">
              <RowTable kind={first.kind} pages={pages} />
            </div>
            {rows.hasNextPage && (
              <Button variant="default" loading={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
                Xem thêm
              </Button>
            )}
          </>
        )}
      </div>
    </Drawer>
  );
}

const nouns: Record<FigureRows['kind'], string> = { contacts: 'lượt', people: 'người', answers: 'câu trả lời của máy', complaints: 'phản ánh, kiến nghị', entries: 'lần nhập', unknown: 'câu chưa hiểu' };

function RowTable({ kind, pages }: { kind: FigureRows['kind']; pages: readonly FigureRows[] }) {
  switch (kind) {
    case 'contacts':
    case 'people':
      return <Contacts rows={pages.flatMap(({ contacts }) => contacts)} people={kind === 'people'} />;
    case 'answers':
      return (
        <Table head={['Ngày', 'Thời gian trả lời']}>
          {pages
            .flatMap(({ answers }) => answers)
            .map(({ day, seconds }, index) => (
              <tr key={index}>
                <td>{dateText(day)}</td>
                <td>{seconds.toLocaleString('vi-VN')} giây</td>
              </tr>
            ))}
        </Table>
      );
    case 'complaints':
      return <Complaints rows={pages.flatMap(({ complaints }) => complaints)} />;
    case 'entries':
      return <Entries rows={pages.flatMap(({ entries }) => entries)} />;
    case 'unknown':
      return (
        <Table head={['Ngày', 'Câu hỏi (đã che số)']}>
          {pages
            .flatMap(({ unknown }) => unknown)
            .map(({ day, text }, index) => (
              <tr key={index}>
                <td className="tight">{dateText(day)}</td>
                <td>{text}</td>
              </tr>
            ))}
        </Table>
      );
  }
}

function Table({ head, children }: { head: string[]; children: ReactNode }) {
  return (
    <table className="table">
      <thead>
        <tr>
          {head.map((title) => (
            <th scope="col" key={title}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

function Contacts({ rows, people }: { rows: readonly Contact[]; people: boolean }) {
  const moments = rows.some(({ at }) => at !== null);
  return (
    <Table head={[...(moments ? ['Người'] : []), people ? 'Lượt đầu tiên' : 'Thời gian', 'Loại', 'Kết quả', 'Thủ tục, lĩnh vực', 'Hoạt động', ...(people ? ['Số lượt'] : [])]}>
      {rows.map((row, index) => (
        <tr key={index}>
          {moments && <td className="quiet">{row.citizen === null ? '–' : `#${row.citizen}`}</td>}
          <td className="tight">{row.at === null ? dateText(row.day) : instantText(row.at)}</td>
          <td>{kinds[row.is]}</td>
          <td data-title="Kết quả">{row.outcome === null ? '–' : outcomes[row.outcome]}</td>
          <td>
            {row.procedure !== null && <div className="code">{row.procedure}</div>}
            <div className="quiet">{row.field}</div>
          </td>
          <td>
            {row.activity !== null && <div>{row.activity}</div>}
            <div className="quiet">
              {row.keyword ?? (row.credit === 'follow_on' ? 'nối tiếp' : '')}
            </div>
          </td>
          {people && <td data-title="Số lượt">{count(row.contacts)}</td>}
        </tr>
      ))}
    </Table>
  );
}

function Complaints({ rows }: { rows: FigureRows['complaints'] }) {
  const names = useNames();
  const mayOpen = has(useMe(), 'officer', 'coordinator');
  return (
    <Table head={['Mã', 'Ngày gửi', 'Lĩnh vực', 'Trạng thái hiện nay', 'Đơn vị']}>
      {rows.map((row, index) => (
        <tr key={index}>
          <td className="code">{row.code === null ? <span className="quiet">không được xem</span> : mayOpen ? <Link to={`/complaints/${row.code}`}>{row.code}</Link> : row.code}</td>
          <td>{dateText(row.received)}</td>
          <td>{names.category(row.category)}</td>
          <td>{names.state(row.state)}</td>
          <td>{names.unit(row.unit_id)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Entries({ rows }: { rows: FigureRows['entries'] }) {
  const names = useNames();
  return (
    <Table head={['Ngày', 'Số lượng', 'Ghi chú, minh chứng', 'Người nhập']}>
      {rows.map((row) => (
        <tr key={row.id}>
          <td className="tight">{dateText(row.day)}</td>
          <td>
            {count(row.quantity)} {row.unit}
            {row.participants !== null && <div className="quiet">{count(row.participants)} người tham gia</div>}
          </td>
          <td>
            {row.note}
            {row.evidence_link !== null && (
              <div>
                <a href={row.evidence_link} target="_blank" rel="noreferrer">
                  Mở minh chứng
                </a>
              </div>
            )}
            {row.evidence_file !== null && (
              <div>
                <a href={evidenceAddress(row.plan, row.id)} target="_blank" rel="noreferrer">
                  {row.evidence_name}
                </a>
              </div>
            )}
          </td>
          <td>
            {names.staff(row.entered_by)}
            <div className="quiet">{instantText(row.entered_at)}</div>
          </td>
        </tr>
      ))}
    </Table>
  );
}
