import { Button, Checkbox, Menu, TextInput } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router-dom';
import { useList, useMe, useNames } from '../api/queries';
import type { ComplaintList, ComplaintSummary, Sort, Tab } from '../api/types';
import { Icon } from '../components/icon';
import { useKeys } from '../components/keyboard';
import { Ago, Due, Light, StateTag, sourceNames, useNow } from '../components/marks';
import { Said } from '../components/said';
import { Empty, Failed, Loading, told } from '../components/states';
import { countFilters, noFilters, readFilters, tabs, viewQuery, writeFilters, type Filters } from '../logic/filters';
import { lastListKey } from '../logic/places';
import { leftText, waitText } from '../logic/time';
import { BulkBar } from '../list/bulk';
import { FilterChips, FilterDrawer } from '../list/filter_panel';
import { Views } from '../list/views';

const tabTitles: Record<Tab, string> = {
  mine: 'Của tôi',
  unassigned: 'Chưa phân công',
  open: 'Đang mở',
  due: 'Quá hạn / sắp quá hạn',
  all: 'Tất cả',
};

export function ListPage() {
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const filters = useMemo(() => readFilters(search), [search]);
  const list = useList(filters);
  const [drawer, setDrawer] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const table = useRef<HTMLTableElement>(null);

  const change = (part: Partial<Filters>) => setSearch(writeFilters({ ...filters, page: 1, ...part }));
  const address = writeFilters(filters).toString();
  useEffect(() => {
    sessionStorage.setItem(lastListKey, address);
    setChosen(new Set());
  }, [address]);
  useEffect(() => {
    document.title = `${tabTitles[filters.tab]} · Một Cửa`;
  }, [filters.tab]);

  const items = list.data?.items ?? [];
  const step = (by: 1 | -1) => {
    const at = items.findIndex(({ code }) => code === current);
    const next = items[Math.min(items.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (!next) return;
    setCurrent(next.code);
    table.current?.querySelector<HTMLElement>(`[data-code="${next.code}"]`)?.focus();
  };
  useKeys(['list'], {
    next: () => step(1),
    previous: () => step(-1),
    open: () => current && navigate(`/complaints/${current}`),
    search: () => field.current?.focus(),
  });

  return (
    <div className="stack">
      <h1 className="hidden-text">Phản ánh, kiến nghị</h1>
      <div className="tabs" role="tablist" aria-label="Nhóm phản ánh">
        {tabs.map((tab) => {
          const count = list.data?.counts[tab];
          return (
            <button key={tab} type="button" role="tab" aria-selected={filters.tab === tab} onClick={() => change({ tab })}>
              {tabTitles[tab]}
              {count !== undefined && <span className={`count ${tab === 'due' && count > 0 ? 'alarm' : ''}`}>{count.toLocaleString('vi-VN')}</span>}
            </button>
          );
        })}
      </div>
      <div className="row">
        <SearchField key={filters.q} field={field} text={filters.q} onSearch={(q) => change({ q })} />
        <Button variant="default" onClick={() => setDrawer(true)}>
          Bộ lọc{countFilters(filters) > 0 ? ` (${countFilters(filters)})` : ''}
        </Button>
        <Views query={viewQuery(filters)} onOpen={(query) => setSearch(new URLSearchParams(query))} />
        <Export filters={filters} total={list.data?.total} />
      </div>
      <FilterChips filters={filters} onChange={change} />
      {list.data?.exact_code && (
        <div className="card row" role="status">
          Đúng mã phản ánh: <Link to={`/complaints/${list.data.exact_code}`}>mở {list.data.exact_code}</Link>
        </div>
      )}
      {list.isPending ? (
        <Loading lines={12} />
      ) : !list.data ? (
        <Failed error={list.error} again={() => void list.refetch()} />
      ) : list.data.total === 0 ? (
        <NothingFound filters={filters} onClear={() => setSearch(writeFilters({ ...noFilters, tab: filters.tab }))} onAll={() => change({ tab: 'all' })} />
      ) : (
        <>
          {list.isError && (
            <div className="strip" role="status">
              Chưa tải được bản mới; đang hiện số liệu cũ.
            </div>
          )}
          <div className={`frame ${list.isPlaceholderData ? 'busy' : ''}`} aria-busy={list.isFetching}>
            <Rows ref={table} items={items} filters={filters} onSort={change} chosen={chosen} onChoose={setChosen} current={current} onCurrent={setCurrent} />
          </div>
          <Pager list={list.data} onPage={(page) => change({ page })} />
        </>
      )}
      {chosen.size > 0 && <BulkBar codes={[...chosen]} onDone={() => setChosen(new Set())} />}
      <FilterDrawer opened={drawer} filters={filters} onClose={() => setDrawer(false)} onChange={change} />
    </div>
  );
}

function SearchField({ field, text, onSearch }: { field: React.RefObject<HTMLInputElement | null>; text: string; onSearch: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const navigate = useNavigate();
  return (
    <form
      role="search"
      className="grow"
      style={{ minWidth: '14rem' }}
      onSubmit={(event) => {
        event.preventDefault();
        const code = typed.trim().toUpperCase();
        if (/^PA-\d{6}-\d{4,6}[A-Z]$/.test(code)) navigate(`/complaints/${code}`);
        else onSearch(typed.trim());
      }}
    >
      <TextInput
        ref={field} type="search" aria-label="Tìm phản ánh" maxLength={200} value={typed}
        placeholder="Tìm: từ khóa, mã PA-…, sdt:…, hs:…, #nhãn" title="Bỏ dấu cũng được. ma: mã · sdt: điện thoại · hs: mã hồ sơ · #nhãn. Phím /"
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          if (event.currentTarget.value === '' && text !== '') onSearch('');
        }}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
    </form>
  );
}

function Export({ filters, total }: { filters: Filters; total: number | undefined }) {
  const address = (format: string) => {
    const query = writeFilters({ ...filters, page: 1 });
    query.set('format', format);
    return `/api/v1/complaints/export?${query}`;
  };
  const rows = (total ?? 0).toLocaleString('vi-VN');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" disabled={!total}>
          Xuất ▾
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{rows} dòng đang lọc</Menu.Label>
        {(['xlsx', 'csv'] as const).map((format) => (
          <Menu.Item key={format} component="a" href={address(format)} download onClick={() => told(`Đang xuất ${rows} dòng. Việc xuất được ghi nhật ký.`)}>
            {format === 'xlsx' ? 'Excel (.xlsx)' : 'CSV (.csv)'}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function NothingFound({ filters, onClear, onAll }: { filters: Filters; onClear: () => void; onAll: () => void }) {
  const narrowed = countFilters(filters) > 0 || filters.q !== '';
  return (
    <Empty title={narrowed ? 'Không có phản ánh nào khớp' : filters.tab === 'mine' ? 'Anh/chị không có việc nào đang chờ' : 'Chưa có phản ánh nào ở đây'}>
      <p className="quiet">
        {narrowed ? 'Anh/chị bớt điều kiện lọc, hoặc tìm bằng ít từ hơn.' : filters.tab === 'mine' ? 'Việc mới được giao sẽ tự hiện ở đây.' : 'Phản ánh mới sẽ tự hiện ở đây.'}
      </p>
      <div className="row">
        {narrowed && <Button onClick={onClear}>Bỏ lọc</Button>}
        {filters.tab !== 'all' && (
          <Button variant="default" onClick={onAll}>
            Tìm trong tất cả
          </Button>
        )}
      </div>
    </Empty>
  );
}

function Pager({ list, onPage }: { list: ComplaintList; onPage: (page: number) => void }) {
  const last = Math.max(1, Math.ceil(list.total / list.page_size));
  const first = (list.page - 1) * list.page_size + 1;
  return (
    <nav className="row spread" aria-label="Trang">
      <span className="quiet">
        {first.toLocaleString('vi-VN')}–{(first + list.items.length - 1).toLocaleString('vi-VN')} trong {list.total.toLocaleString('vi-VN')}
      </span>
      <div className="row">
        <Button variant="default" disabled={list.page <= 1} onClick={() => onPage(list.page - 1)}>
          ← Trước
        </Button>
        <span>
          {list.page}/{last}
        </span>
        <Button variant="default" disabled={list.page >= last} onClick={() => onPage(list.page + 1)}>
          Sau →
        </Button>
      </div>
    </nav>
  );
}

interface RowsProps {
  ref: React.Ref<HTMLTableElement>;
  items: ComplaintSummary[];
  filters: Filters;
  onSort: (part: Partial<Filters>) => void;
  chosen: ReadonlySet<string>;
  onChoose: (codes: ReadonlySet<string>) => void;
  current: string | null;
  onCurrent: (code: string) => void;
}

function Rows({ ref, items, filters, onSort, chosen, onChoose, current, onCurrent }: RowsProps) {
  const all = items.length > 0 && items.every(({ code }) => chosen.has(code));
  const sortable = (sort: Sort, title: string) => (
    <th scope="col" aria-sort={filters.sort === sort ? (filters.order === 'asc' ? 'ascending' : 'descending') : 'none'}>
      <button className="sort" type="button" onClick={() => onSort({ sort, order: filters.sort === sort && filters.order === 'asc' ? 'desc' : 'asc' })}>
        {title} {filters.sort === sort ? (filters.order === 'asc' ? '↑' : '↓') : ''}
      </button>
    </th>
  );
  return (
    <table className="table" ref={ref}>
      <thead>
        <tr>
          <th scope="col">
            <Checkbox
              size="xs" aria-label="Chọn cả trang" checked={all} indeterminate={!all && chosen.size > 0}
              onChange={() => onChoose(new Set(all ? [] : items.map(({ code }) => code)))}
            />
          </th>
          <th scope="col">
            <span className="hidden-text">Tình trạng</span>
          </th>
          {sortable('code', 'Mã')}
          <th scope="col">Nội dung</th>
          <th scope="col">Người gửi</th>
          <th scope="col">Địa bàn · Phụ trách</th>
          {sortable('due', 'Hạn')}
          {sortable('waiting', 'Trả lời cuối')}
          <th scope="col">Nguồn</th>
          {sortable('updated', 'Cập nhật')}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row
            key={item.code} item={item} current={current === item.code} onCurrent={onCurrent} chosen={chosen.has(item.code)}
            onChoose={() => {
              const next = new Set(chosen);
              if (!next.delete(item.code)) next.add(item.code);
              onChoose(next);
            }}
          />
        ))}
      </tbody>
    </table>
  );
}

const speakers = { citizen: 'Người dân', staff: 'Cán bộ', bot: 'Máy' };

function Row({ item, current, onCurrent, chosen, onChoose }: { item: ComplaintSummary; current: boolean; onCurrent: (code: string) => void; chosen: boolean; onChoose: () => void }) {
  const names = useNames();
  const me = useMe();
  const now = useNow();
  const window = leftText(item.window_closes_at, now);
  const copy = async () => {
    await navigator.clipboard.writeText(item.code);
    told(`Đã chép ${item.code}`);
  };
  return (
    <tr className={current ? 'current' : undefined}>
      <td className="corner">
        <Checkbox size="xs" aria-label={`Chọn ${item.code}`} checked={chosen} onChange={onChoose} />
      </td>
      <td className="lead">
        <Light signal={item.signal} />
      </td>
      <td className="code">
        <Link to={`/complaints/${item.code}`} data-code={item.code} onFocus={() => onCurrent(item.code)}>
          {item.code}
        </Link>{' '}
        <button type="button" className="plain" aria-label={`Chép mã ${item.code}`} title="Chép mã" onClick={() => void copy()}>
          <Icon name="copy" />
        </button>
        <div>
          <StateTag state={item.state} />
        </div>
      </td>
      <td className="text">
        <div>
          <Said text={item.excerpt} />
        </div>
        <div className="row quiet icons">
          {names.category(item.category)}
          {item.photo_count > 0 && <Icon name="photo" title={`${item.photo_count} ảnh`} />}
          {item.attachment_count > item.photo_count && <Icon name="clip" title={`${item.attachment_count - item.photo_count} tệp`} />}
          {item.has_place && <Icon name="place" title="Có địa điểm" />}
          {item.duplicate_count > 0 && <Icon name="twins" title={`${item.duplicate_count} phản ánh có thể trùng`} />}
          {item.reopened_count > 0 && <Icon name="again" title={`Đã mở lại ${item.reopened_count} lần`} />}
          {item.test && <Icon name="flask" title="Phản ánh thử" />}
          {item.rating !== null && <span title="Người dân đánh giá">{item.rating}/5 ★</span>}
          {item.labels.map((label) => (
            <span key={label} className="tag label">
              <Said text={label} />
            </span>
          ))}
        </div>
      </td>
      <td className="tight" data-title="Người gửi">{item.sender_name === null ? <span className="quiet">ẩn danh</span> : <Said text={item.sender_name} />}</td>
      <td>
        <div>{names.commune(item.commune) || <span className="quiet">chưa rõ địa bàn</span>}</div>
        <div className="quiet">
          {item.unit_id === null && item.officer_id === null
            ? item.agency ?? '— chưa phân công'
            : [names.unit(item.unit_id), item.officer_id === me.id ? 'tôi' : names.staff(item.officer_id)].filter(Boolean).join(' · ')}
        </div>
      </td>
      <td className="tight" data-title="Hạn">
        <Due {...item} />
      </td>
      <td className="tight">
        {item.last_message && (
          <div>
            {speakers[item.last_message.from]} · <Ago short at={item.last_message.at} />
          </div>
        )}
        <div className="quiet">
          {item.waiting_since !== null && <div title="Người dân đang chờ cán bộ trả lời">chờ {waitText(item.waiting_since, now)}</div>}
          {item.source === 'zalo' && <div title="Thời gian còn được nhắn tin Zalo cho người dân">{window === null ? 'Zalo đã đóng' : `Zalo ${window}`}</div>}
        </div>
      </td>
      <td className="tight" data-title="Nguồn">
        <span>{sourceNames[item.source]}</span>
        {item.activity !== null && (
          <span className="quiet" title={names.activity(item.activity)}>
            {' '}
            {item.activity}
          </span>
        )}
      </td>
      <td className="tight quiet" data-title="Cập nhật">
        <Ago short at={item.updated_at} />
      </td>
    </tr>
  );
}
