import { Button, FileInput, Modal, NumberInput, Select, TextInput, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { api, ask } from '../api/client';
import { useChange } from '../api/queries';
import type { PlanActivity, PlanEntry, PlanEntryFields } from '../api/types';
import { Objection, told } from '../components/states';
import { dayOf, serverNow } from '../logic/time';
import { reachKeys } from './queries';

/** What is entered: a new result or quantity of an activity, or another one in the place of `former`. */
export interface Entering {
  activity: PlanActivity;
  sort: PlanEntryFields['sort'];
  product?: string;
  former?: PlanEntry;
}

const evidenceBytes = 4 * 1024 * 1024; // what the listener takes

export function EntryDialog({ plan, what, onClose }: { plan: string; what: Entering; onClose: () => void }) {
  const { activity, sort, former } = what;
  const choices =
    sort === 'result'
      ? activity.products.flatMap(({ id, words, by_hand }) => (by_hand === null ? [] : [{ value: id, label: words, unit: by_hand }]))
      : activity.keywords.map(({ code, title }) => ({ value: code, label: `${code} – ${title}`, unit: 'cái' }));
  const [fields, setFields] = useState({
    product: former?.product ?? what.product ?? choices[0]?.value ?? '',
    day: former?.day ?? dayOf(serverNow()),
    quantity: (former?.quantity ?? '') as number | string,
    unit: former?.unit ?? '',
    participants: (former?.participants ?? '') as number | string,
    note: former?.note ?? '',
    evidence_link: former?.evidence_link ?? '',
    evidence_file: former?.evidence_file ?? null,
    evidence_name: former?.evidence_name ?? null,
  });
  const [file, setFile] = useState<File | null>(null);
  const tooLarge = file !== null && file.size > evidenceBytes;
  const change = (part: Partial<typeof fields>) => setFields((before) => ({ ...before, ...part }));
  const save = useChange(async (entry: PlanEntryFields) => {
    let body = entry;
    const path = { plan };
    if (file) {
      const kept = await ask(
        api.POST('/plans/{plan}/evidence', {
          params: { path, query: { name: file.name } },
          body: file as never,
          bodySerializer: (bytes: unknown) => bytes as File,
          headers: { 'Content-Type': 'application/octet-stream' },
        }),
      );
      body = { ...body, evidence_file: kept.file, evidence_name: kept.name };
    }
    return former ? ask(api.PUT('/plans/{plan}/entries/{id}', { params: { path: { ...path, id: former.id } }, body })) : ask(api.POST('/plans/{plan}/entries', { params: { path }, body }));
  }, reachKeys.reports);
  const unit = choices.find(({ value }) => value === fields.product)?.unit ?? '';
  const complete = fields.product !== '' && typeof fields.quantity === 'number' && (sort === 'handed_out' || fields.note.trim() !== '' || fields.evidence_link.trim() !== '' || file !== null || fields.evidence_file !== null);
  const text = (value: string) => (value.trim() === '' ? null : value.trim());
  return (
    <Modal opened onClose={onClose} size="lg" title={`${former ? 'Sửa' : 'Nhập'} ${sort === 'result' ? 'kết quả' : 'số đã phát'} – hoạt động ${activity.id}`}>
      <form
        className="stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (!complete || typeof fields.quantity !== 'number') return;
          save.mutate(
            {
              sort, activity: activity.id, product: fields.product, day: fields.day, quantity: fields.quantity, unit: text(fields.unit), note: text(fields.note),
              participants: typeof fields.participants === 'number' ? fields.participants : null, evidence_link: text(fields.evidence_link),
              evidence_file: fields.evidence_file, evidence_name: fields.evidence_name,
            },
            {
              onSuccess: () => {
                told(former ? 'Đã sửa' : 'Đã nhập');
                onClose();
              },
            },
          );
        }}
      >
        <Select label={sort === 'result' ? 'Sản phẩm, kết quả dự kiến' : 'Từ khóa in trên vật phẩm'} required allowDeselect={false} data={choices.map(({ value, label }) => ({ value, label }))} value={fields.product} onChange={(product) => change({ product: product ?? '' })} />
        <div className="form-grid">
          <TextInput type="date" label={sort === 'result' ? 'Ngày thực hiện' : 'Ngày phát'} required max={dayOf(serverNow())} value={fields.day} onChange={(event) => change({ day: event.currentTarget.value })} />
          <NumberInput label="Số lượng" required min={1} max={10_000_000} allowDecimal={false} allowNegative={false} hideControls thousandSeparator="." decimalSeparator="," value={fields.quantity} onChange={(quantity) => change({ quantity })} />
          <TextInput label="Đơn vị tính" placeholder={unit} maxLength={40} value={fields.unit} onChange={(event) => change({ unit: event.currentTarget.value })} />
          {sort === 'result' && (
            <NumberInput label="Số người tham gia" min={0} max={10_000_000} allowDecimal={false} allowNegative={false} hideControls thousandSeparator="." decimalSeparator="," value={fields.participants} onChange={(participants) => change({ participants })} />
          )}
        </div>
        <TextInput type="url" label="Liên kết minh chứng" placeholder="https://…" maxLength={500} value={fields.evidence_link} onChange={(event) => change({ evidence_link: event.currentTarget.value })} />
        <FileInput
          label="Tệp minh chứng" placeholder={fields.evidence_name ?? 'Chọn ảnh, biên bản, danh sách… tới 4 MB'} clearable value={file} onChange={setFile}
          error={tooLarge ? 'Tệp lớn hơn 4 MB' : undefined}
          description={fields.evidence_name !== null && file === null ? 'Tệp đang giữ vẫn đi cùng kết quả; chọn tệp khác để thay.' : undefined}
        />
        <Textarea
          label="Ghi chú" autosize minRows={2} maxLength={500} value={fields.note} onChange={(event) => change({ note: event.currentTarget.value })}
          description={sort === 'result' ? 'Nội dung, nơi tổ chức, nơi lưu hồ sơ. Cần có liên kết, tệp minh chứng hoặc ghi chú.' : 'Nơi phát, đợt phát.'}
        />
        {former && <p className="quiet">Số đã nhập trước được rút lại và vẫn xem được; số mới tính thay vào. Sửa số của tháng đã qua được ghi vào phụ lục điều chỉnh của báo cáo.</p>}
        <Objection error={save.error} />
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Thôi
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!complete || tooLarge}>
            Lưu
          </Button>
        </div>
      </form>
    </Modal>
  );
}
