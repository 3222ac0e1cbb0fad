import { Alert, Button, Select, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, ask } from '../api/client';
import { useChange, useNames } from '../api/queries';
import { findMarkless } from '../components/select_search';
import { Empty, Failed, Loading, Objection } from '../components/states';
import { Said } from '../components/said';
import { instantText } from '../logic/time';

interface Filters {
  staff_id: string | null;
  action: string | null;
  subject: string;
  from: string;
  to: string;
}

export default function AuditPage() {
  const { reference } = useNames();
  const [filters, setFilters] = useState<Filters>({ staff_id: null, action: null, subject: '', from: '', to: '' });
  const change = (part: Partial<Filters>) => setFilters((before) => ({ ...before, ...part }));
  useEffect(() => {
    document.title = 'Nhật ký · Một Cửa';
  }, []);
  const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== null && value.trim() !== ''));
  const audit = useInfiniteQuery({
    queryKey: ['audit', query],
    queryFn: ({ pageParam }) => ask(api.GET('/audit', { params: { query: { ...query, before: pageParam } } })),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => (last.has_more ? last.items.at(-1)?.number : undefined),
    placeholderData: (before) => before,
  });
  const verify = useChange(() => ask(api.POST('/audit/verification')));
  const rows = audit.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Nhật ký</h1>
        <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate(undefined)}>
          Kiểm tra tính toàn vẹn
        </Button>
      </div>
      {verify.data && (
        <Alert color={verify.data.intact ? 'green' : 'red'} role="status" title={verify.data.intact ? 'Nhật ký nguyên vẹn' : `Nhật ký đã bị sửa từ dòng ${verify.data.first_bad_row}`}>
          Đã kiểm {verify.data.rows.toLocaleString('vi-VN')} dòng lúc {instantText(verify.data.verified_at)}.
        </Alert>
      )}
      <Objection error={verify.error} />
      <div className="form-grid">
        <Select searchable clearable filter={findMarkless} label="Cán bộ" placeholder="Tất cả" data={reference?.staff.map(({ id, name }) => ({ value: id, label: name })) ?? []} value={filters.staff_id} onChange={(staff_id) => change({ staff_id })} />
        <Select searchable clearable filter={findMarkless} label="Việc" placeholder="Tất cả" data={audit.data?.pages[0]?.actions.map(({ id, title }) => ({ value: id, label: title })) ?? []} value={filters.action} onChange={(action) => change({ action })} />
        <TextInput label="Đối tượng" placeholder="PA-…, tên đăng nhập" maxLength={100} value={filters.subject} onChange={(event) => change({ subject: event.currentTarget.value })} />
        <TextInput type="date" label="Từ ngày" value={filters.from} onChange={(event) => change({ from: event.currentTarget.value })} />
        <TextInput type="date" label="Đến ngày" value={filters.to} onChange={(event) => change({ to: event.currentTarget.value })} />
      </div>
      {audit.isPending ? (
        <Loading />
      ) : !audit.data ? (
        <Failed error={audit.error} again={() => void audit.refetch()} />
      ) : rows.length === 0 ? (
        <Empty title="Không có dòng nào khớp" />
      ) : (
        <>
          <div className={`frame ${audit.isPlaceholderData ? 'busy' : ''}`}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Số</th>
                  <th scope="col">Lúc</th>
                  <th scope="col">Ai</th>
                  <th scope="col">Việc</th>
                  <th scope="col">Đối tượng</th>
                  <th scope="col">Chi tiết</th>
                  <th scope="col">Địa chỉ mạng</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.number}>
                    <td className="quiet">{row.number}</td>
                    <td className="code">{instantText(row.at)}</td>
                    <td>{row.actor}</td>
                    <td className="strong">{row.title}</td>
                    <td>{row.subject}</td>
                    <td className="text">{row.detail !== null && <Said text={row.detail} />}</td>
                    <td className="quiet">{row.address}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {audit.hasNextPage && (
            <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
              Xem thêm
            </Button>
          )}
        </>
      )}
    </div>
  );
}
