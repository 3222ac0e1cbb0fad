import { Alert, Button, Checkbox, CopyButton, Modal, Select, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { api, ask } from '../api/client';
import { useChange, useNames } from '../api/queries';
import type { Plan, ReportLink, ReportSpan } from '../api/types';
import { Ago } from '../components/marks';
import { Failed, Objection, complained, told } from '../components/states';
import { instantText } from '../logic/time';
import { reachKeys, useReportLinks } from './queries';

const spans: { value: ReportSpan; label: string }[] = [
  { value: 'last_month', label: 'Tháng trước' },
  { value: 'this_month', label: 'Tháng này' },
  { value: 'last_quarter', label: 'Quý trước' },
  { value: 'this_quarter', label: 'Quý này' },
  { value: 'last_year', label: 'Năm trước' },
  { value: 'this_year', label: 'Năm nay' },
  { value: 'plan', label: 'Cả kỳ kế hoạch' },
];

/** Links by which other programs pull the report by themselves. */
export function ReportLinks({ plans }: { plans: readonly Plan[] }) {
  const names = useNames();
  const links = useReportLinks(true);
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState<ReportLink | null>(null);
  const remove = useChange((id: string) => ask(api.DELETE('/report-links/{id}', { params: { path: { id } } })), reachKeys.links);
  return (
    <section className="card stack" aria-label="Liên kết lấy báo cáo tự động">
      <div className="row spread">
        <h2>Liên kết lấy báo cáo tự động</h2>
        <Button variant="default" onClick={() => setAdding(true)}>
          Tạo liên kết
        </Button>
      </div>
      <p className="quiet">Chương trình khác (ví dụ Excel, hệ thống báo cáo của tỉnh) lấy báo cáo qua liên kết này mà không cần đăng nhập. Ai có liên kết đều đọc được báo cáo; mỗi lần lấy được ghi vào nhật ký.</p>
      {links.isError ? (
        <Failed error={links.error} again={() => void links.refetch()} />
      ) : (
        (links.data?.items.length ?? 0) > 0 && (
          <div className="frame">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Tên</th>
                  <th scope="col">Kế hoạch, kỳ</th>
                  <th scope="col">Tạo</th>
                  <th scope="col">Đã lấy</th>
                  <th scope="col">
                    <span className="hidden-text">Thao tác</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {links.data?.items.map((link) => (
                  <tr key={link.id}>
                    <td className="strong">{link.name}</td>
                    <td>
                      {link.plan}, {spans.find(({ value }) => value === link.span)?.label.toLowerCase()}
                      {link.mask_small && <div className="quiet">số dưới 5 ghi “&lt;5”</div>}
                    </td>
                    <td>
                      {names.staff(link.made_by)}
                      <div className="quiet">{instantText(link.made_at)}</div>
                    </td>
                    <td>
                      {link.uses.toLocaleString('vi-VN')} lần
                      <div className="quiet">{link.used_at !== null && <Ago at={link.used_at} />}</div>
                    </td>
                    <td>
                      <Button size="xs" variant="subtle" color="red" aria-label={`Thu hồi ${link.name}`} onClick={() => setAsked(link)}>
                        Thu hồi
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      )}
      {adding && <AddDialog plans={plans} onClose={() => setAdding(false)} />}
      {asked && (
        <Modal opened onClose={() => setAsked(null)} title="Thu hồi liên kết?">
          <div className="stack">
            <p>Chương trình đang dùng “{asked.name}” sẽ không lấy được báo cáo nữa.</p>
            <div className="row end">
              <Button variant="default" onClick={() => setAsked(null)}>
                Thôi
              </Button>
              <Button
                color="red" loading={remove.isPending}
                onClick={() =>
                  remove.mutate(asked.id, {
                    onSuccess: () => {
                      told('Đã thu hồi');
                      setAsked(null);
                    },
                    onError: complained,
                  })
                }
              >
                Thu hồi
              </Button>
            </div>
          </div>
        </Modal>
      )}
    </section>
  );
}

function AddDialog({ plans, onClose }: { plans: readonly Plan[]; onClose: () => void }) {
  const [name, setName] = useState('');
  const [plan, setPlan] = useState(plans.at(-1)?.id ?? '');
  const [span, setSpan] = useState<ReportSpan>('last_month');
  const [mask, setMask] = useState(true);
  const add = useChange(() => ask(api.POST('/report-links', { body: { name: name.trim(), plan, span, mask_small: mask } })), reachKeys.links);
  const address = add.data && `${location.origin}${add.data.path}`;
  return (
    <Modal opened onClose={onClose} size="lg" title="Liên kết lấy báo cáo">
      {address ? (
        <div className="stack">
          <Alert color="green" title="Chép liên kết này ngay">
            Liên kết chỉ hiện một lần; máy chủ không giữ lại. Thêm <code>?format=xlsx</code>, <code>csv</code> hoặc <code>docx</code> để lấy tệp; mặc định là JSON.
          </Alert>
          <TextInput readOnly aria-label="Liên kết" value={address} onFocus={(event) => event.currentTarget.select()} />
          <div className="row end">
            <CopyButton value={address}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? 'Đã chép' : 'Chép'}
                </Button>
              )}
            </CopyButton>
            <Button onClick={onClose}>Xong</Button>
          </div>
        </div>
      ) : (
        <form
          className="stack"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            add.mutate(undefined);
          }}
        >
          <TextInput label="Tên" placeholder="Ai hoặc chương trình nào dùng" required maxLength={100} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <div className="form-grid">
            <Select label="Kế hoạch" allowDeselect={false} data={plans.map(({ id, title }) => ({ value: id, label: `${id} – ${title}` }))} value={plan} onChange={(value) => setPlan(value ?? plan)} />
            <Select label="Kỳ" allowDeselect={false} data={spans} value={span} onChange={(value) => setSpan((value as ReportSpan | null) ?? span)} />
          </div>
          <Checkbox label="Ghi “<5” thay cho số dưới 5" checked={mask} onChange={(event) => setMask(event.currentTarget.checked)} />
          <Objection error={add.error} />
          <div className="row end">
            <Button variant="default" onClick={onClose}>
              Thôi
            </Button>
            <Button type="submit" loading={add.isPending} disabled={name.trim() === '' || plan === ''}>
              Tạo
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
