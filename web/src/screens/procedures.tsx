import { Button, FileInput, Modal, Select, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router-dom';
import { api, ask } from '../api/client';
import { keysOf, useChange } from '../api/queries';
import type { ImportPreview, ProcedureSummary } from '../api/types';
import { Pages } from '../components/pages';
import { useSettled } from '../components/procedure_search';
import { findMarkless } from '../components/select_search';
import { Empty, Failed, Loading, Objection, told } from '../components/states';
import { dateText } from '../logic/time';

const pageSize = 25;
export const levelNames = { ministry: 'Trung ương', province: 'Tỉnh', commune: 'Xã', unknown: 'Chưa rõ' };
const originNames = { own: 'Của tỉnh', national: 'Quốc gia', overlay: 'Phần bổ sung của tỉnh' };
const stateNames = { expiring: 'Sắp hoặc đã hết hiệu lực', stale: 'Dữ liệu cũ hơn 12 tháng', edited: 'Cán bộ đã sửa' };
const optionsOf = (names: Record<string, string>) => Object.entries(names).map(([value, label]) => ({ value, label }));

export function DateMark({ of }: { of: ProcedureSummary }) {
  if (of.out_of_date === 'expired') return <span className="tag hidden">hết hiệu lực {of.valid_to !== null && dateText(of.valid_to)}</span>;
  if (of.out_of_date === 'expiring') return <span className="tag open">hết hiệu lực {of.valid_to !== null && dateText(of.valid_to)}</span>;
  if (of.out_of_date === 'stale') return <span className="tag open">dữ liệu cũ</span>;
  return null;
}

export default function ProceduresPage() {
  const [params, setParams] = useSearchParams();
  const [typed, setTyped] = useState(params.get('q') ?? '');
  const q = useSettled(typed.trim());
  const [importing, setImporting] = useState(false);
  const page = Number(params.get('page') ?? '1') || 1;
  const set = (change: Record<string, string | null>) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [key, value] of Object.entries(change)) {
          if (value) next.set(key, value);
          else next.delete(key);
        }
        return next;
      },
      { replace: true },
    );
  useEffect(() => {
    document.title = 'Thủ tục · Một Cửa';
  }, []);
  useEffect(() => {
    if (q !== (params.get('q') ?? '')) set({ q, page: null });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- typing alone decides
  }, [q]);
  const query = Object.fromEntries(['q', 'field', 'level', 'origin', 'state'].flatMap((key) => (params.get(key) ? [[key, params.get(key)!]] : [])));
  const list = useQuery({
    queryKey: [...keysOf.procedures, 'list', query, page],
    queryFn: () => ask(api.GET('/procedures', { params: { query: { ...query, page } as never } })),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Thủ tục</h1>
        <Button variant="default" onClick={() => setImporting(true)}>
          Nạp từ tệp…
        </Button>
      </div>
      <TextInput type="search" label="Tìm" placeholder="Mã, tên, hoặc cách người dân nói: “làm giấy khai sinh”" maxLength={200} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      <div className="form-grid">
        <Select searchable clearable filter={findMarkless} label="Lĩnh vực" placeholder="Tất cả" data={list.data?.fields ?? []} value={params.get('field')} onChange={(field) => set({ field, page: null })} />
        <Select clearable label="Cấp thực hiện" placeholder="Tất cả" data={optionsOf(levelNames)} value={params.get('level')} onChange={(level) => set({ level, page: null })} />
        <Select clearable label="Nguồn" placeholder="Tất cả" data={optionsOf({ own: originNames.own, national: originNames.national })} value={params.get('origin')} onChange={(origin) => set({ origin, page: null })} />
        <Select clearable label="Tình trạng" placeholder="Tất cả" data={optionsOf(stateNames)} value={params.get('state')} onChange={(state) => set({ state, page: null })} />
      </div>
      {list.isPending ? (
        <Loading />
      ) : !list.data ? (
        <Failed error={list.error} again={() => void list.refetch()} />
      ) : list.data.items.length === 0 ? (
        <Empty title={list.data.all === 0 ? 'Chưa có thủ tục nào' : 'Không có thủ tục nào khớp'}>
          {list.data.all > 0 && <p className="quiet">Tìm bằng đúng bộ tìm kiếm của kênh chat: câu nào không thấy ở đây thì người dân hỏi cũng không thấy.</p>}
        </Empty>
      ) : (
        <>
          <div className={`frame ${list.isPlaceholderData ? 'busy' : ''}`}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Mã</th>
                  <th scope="col">Tên</th>
                  <th scope="col">Lĩnh vực</th>
                  <th scope="col">Cấp</th>
                  <th scope="col">Nguồn</th>
                  <th scope="col">Ngày dữ liệu</th>
                </tr>
              </thead>
              <tbody>
                {list.data.items.map((one) => (
                  <tr key={one.code}>
                    <td className="code">
                      <Link to={`/procedures/${one.code}`}>{one.code}</Link>
                    </td>
                    <td className="text">
                      <Link to={`/procedures/${one.code}`}>{one.name}</Link>
                      <div className="row">
                        <DateMark of={one} />
                        {one.edited && <span className="tag label">cán bộ đã sửa</span>}
                        {!one.answerable && <span className="tag hidden">chat không dùng</span>}
                      </div>
                    </td>
                    <td>{one.field}</td>
                    <td data-title="Cấp">
                      <span>{levelNames[one.level]}</span>
                    </td>
                    <td className="tight" data-title="Nguồn">
                      <span>{originNames[one.origin]}</span>
                    </td>
                    <td className="tight" data-title="Ngày dữ liệu">
                      <span>{one.as_of === null ? '–' : dateText(one.as_of)}</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Pages page={page} size={pageSize} total={list.data.total} onPage={(next) => set({ page: String(next) })} />
        </>
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </div>
  );
}

const fateNames = { added: 'mới', changed: 'thay đổi', older: 'bỏ qua: dữ liệu cũ hơn' };

function ImportDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const look = useChange((chosen: File) =>
    ask(
      api.POST('/procedures/import-previews', {
        params: { query: { name: chosen.name } },
        body: chosen as never,
        bodySerializer: (body: unknown) => body as File,
        headers: { 'Content-Type': 'application/octet-stream' },
      }),
    ),
  );
  const run = useChange((id: string) => ask(api.POST('/procedures/import-previews/{id}/run', { params: { path: { id } } })), keysOf.procedures);
  const records = preview === null ? 0 : preview.added + preview.changed;
  return (
    <Modal opened onClose={onClose} title="Nạp thủ tục từ tệp" size="xl">
      <div className="stack">
        <FileInput
          label="Tệp thủ tục" description="Tệp .yml của ta, hoặc .jsonl, .jsonl.gz dữ liệu quốc gia; tới 4 MB. Tệp lớn hơn: dùng lệnh motcua import." accept=".yml,.yaml,.jsonl,.json,.gz" clearable value={file}
          onChange={(chosen) => {
            setFile(chosen);
            setPreview(null);
            look.reset();
            run.reset();
            if (chosen) look.mutate(chosen, { onSuccess: setPreview });
          }}
        />
        {look.isPending && <Loading lines={3} />}
        <Objection error={look.error ?? run.error} />
        {preview !== null && (
          <>
            <p role="status">
              <b>{preview.added}</b> thủ tục mới, <b>{preview.changed}</b> thay đổi, {preview.unchanged} không đổi, {preview.older} bỏ qua vì dữ liệu cũ hơn, {preview.skipped} dòng không đọc được.
            </p>
            {preview.items.length > 0 && (
              <div className="frame">
                <table className="table">
                  <thead>
                    <tr>
                      <th scope="col">Mã</th>
                      <th scope="col">Tên</th>
                      <th scope="col">Sẽ</th>
                      <th scope="col">Ngày dữ liệu</th>
                      <th scope="col">Câu trả lời đổi</th>
                    </tr>
                  </thead>
                  <tbody>
                    {preview.items.map((one, index) => (
                      <tr key={index}>
                        <td className="code">{one.code}</td>
                        <td>
                          {one.name} {one.origin === 'overlay' && <span className="tag">phần của tỉnh</span>}
                        </td>
                        <td className={one.fate === 'older' ? 'quiet' : 'strong'}>{fateNames[one.fate]}</td>
                        <td className="tight">
                          {one.stored_as_of !== null && `${dateText(one.stored_as_of)} → `}
                          {one.as_of === null ? '–' : dateText(one.as_of)}
                        </td>
                        <td>{one.differs.join(', ')}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
            {preview.findings.length > 0 && (
              <details>
                <summary>
                  {preview.findings_total} chỗ cần xem lại trong tệp
                </summary>
                <ul className="plain-list">
                  {preview.findings.map(({ error, message }, index) => (
                    <li key={index} className={error ? 'bad' : 'quiet'}>
                      {message}
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </>
        )}
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Thôi
          </Button>
          <Button
            disabled={preview === null || records === 0} loading={run.isPending}
            onClick={() =>
              preview &&
              run.mutate(preview.id, {
                onSuccess: ({ added, changed }) => {
                  told(`Đã nạp ${added} thủ tục mới, ${changed} thay đổi; có hiệu lực sau ít giây`);
                  onClose();
                },
              })
            }
          >
            Nạp {records > 0 && `${records} thủ tục`}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
