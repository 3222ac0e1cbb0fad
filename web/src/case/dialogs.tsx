import { Button, Modal, Select, TagsInput, TextInput, Textarea } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Failure, api, ask } from '../api/client';
import { keysOf, queryClient, useChange, useDuplicates, useMe, useNames } from '../api/queries';
import type { Change, Complaint, Message, TransitionInputs } from '../api/types';
import { StateTag } from '../components/marks';
import { Difference, Said } from '../components/said';
import { findMarkless } from '../components/select_search';
import { Failed, Loading, Objection, told } from '../components/states';
import { StaleDialog } from '../components/stale';
import { TransitionFields, inputsComplete, type Transition } from '../components/transition_fields';
import { useCategoryOptions, useUnitOptions } from '../list/filter_panel';
import { dateText, dayOf } from '../logic/time';

/** A change of the case made from one version, and what to do if somebody was quicker. */
export function useVersioned<Input>(complaint: Complaint, change: (input: Input, expected_version: number) => Promise<unknown>, said: string, onDone: () => void) {
  const [version] = useState(complaint.version); // of when the dialog was opened
  const [stale, setStale] = useState<{ changes: Change[]; input: Input } | null>(null);
  const mutation = useChange(
    ({ input, expected }: { input: Input; expected: number }) => change(input, expected),
    keysOf.case(complaint.code),
    keysOf.lists,
  );
  const run = (input: Input, expected = version) =>
    mutation.mutate(
      { input, expected },
      {
        onSuccess: () => {
          told(said);
          onDone();
        },
        onError: (failure) => failure instanceof Failure && failure.kind === 'stale' && setStale({ changes: failure.changes, input }),
      },
    );
  const dialog = (
    <StaleDialog
      changes={stale?.changes ?? null} onClose={() => setStale(null)}
      onAgain={() => {
        if (!stale) return;
        setStale(null);
        run(stale.input, queryClient.getQueryData<Complaint>(keysOf.part(complaint.code, 'complaint'))?.version ?? version);
      }}
    />
  );
  return { run, pending: mutation.isPending, error: stale || mutation.error?.kind === 'stale' ? null : mutation.error, dialog };
}

interface Props {
  complaint: Complaint;
  onClose: () => void;
}

function Form({ title, onClose, onSubmit, error, pending, ready = true, button, children, size }: {
  title: string; onClose: () => void; onSubmit: () => void; error: unknown; pending: boolean; ready?: boolean; button: string; children: ReactNode; size?: string;
}) {
  return (
    <Modal opened onClose={onClose} title={title} size={size}>
      <form
        className="stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (ready) onSubmit();
        }}
      >
        {children}
        <Objection error={error} />
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Thôi
          </Button>
          <Button type="submit" loading={pending} disabled={!ready}>
            {button}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const reasonField = (value: string, onChange: (value: string) => void) => (
  <Textarea label="Lý do (nội bộ, ghi vào nhật ký)" required autosize minRows={2} maxLength={2000} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
);

export function TransitionDialog({ complaint, transition, initial, onClose }: Props & { transition: Transition; initial?: TransitionInputs }) {
  const names = useNames();
  const [inputs, setInputs] = useState<TransitionInputs>(initial ?? (transition.needs.includes('unit') && complaint.unit_id !== null ? { unit: complaint.unit_id } : {}));
  const path = { params: { path: { code: complaint.code } } };
  const { run, pending, error, dialog } = useVersioned(
    complaint,
    (_: void, expected_version) => ask(api.POST('/complaints/{code}/transitions', { ...path, body: { expected_version, transition: transition.id, inputs } })),
    `Đã chuyển: ${names.state(transition.to)}`,
    onClose,
  );
  return (
    <>
      <Form title={transition.title} onClose={onClose} onSubmit={() => run()} error={error} pending={pending} ready={inputsComplete(transition, inputs)} button={transition.title}>
        <p className="quiet">
          <StateTag state={complaint.state} /> → <StateTag state={transition.to} />
        </p>
        <TransitionFields transition={transition} inputs={inputs} onChange={setInputs} />
      </Form>
      {dialog}
    </>
  );
}

export function AssignDialog({ complaint, onClose }: Props) {
  const { reference } = useNames();
  const units = useUnitOptions();
  const [unit_id, setUnit] = useState(complaint.unit_id);
  const [officer_id, setOfficer] = useState(complaint.officer_id);
  const [reason, setReason] = useState('');
  const moved = unit_id !== complaint.unit_id && complaint.unit_id !== null;
  const { run, pending, error, dialog } = useVersioned(
    complaint,
    (_: void, expected_version) =>
      ask(api.PUT('/complaints/{code}/assignment', { params: { path: { code: complaint.code } }, body: { expected_version, unit_id, officer_id, ...(reason ? { reason } : {}) } })),
    'Đã phân công',
    onClose,
  );
  const one = { searchable: true, filter: findMarkless, nothingFoundMessage: 'Không có' } as const;
  return (
    <>
      <Form title="Phân công" onClose={onClose} onSubmit={() => run()} error={error} pending={pending} ready={unit_id !== null && (!moved || reason.trim() !== '')} button="Phân công">
        <Select
          {...one} label="Đơn vị" required data={units} value={unit_id}
          onChange={(value) => {
            setUnit(value);
            setOfficer(null);
          }}
        />
        <Select
          {...one} clearable label="Cán bộ" placeholder="— đơn vị tự giao" value={officer_id} onChange={setOfficer}
          data={reference?.staff.filter((member) => member.active && member.unit_id === unit_id).map(({ id, name }) => ({ value: id, label: name })) ?? []}
        />
        {moved && reasonField(reason, setReason)}
      </Form>
      {dialog}
    </>
  );
}

/** Taking a case is assigning oneself; no questions asked. */
export function useTakeCase(complaint: Complaint) {
  const me = useMe();
  const taking = useVersioned(
    complaint,
    (_: void, expected_version) =>
      ask(api.PUT('/complaints/{code}/assignment', {
        params: { path: { code: complaint.code } },
        body: { expected_version, unit_id: complaint.unit_id ?? me.unit_id, officer_id: me.id },
      })),
    'Anh/chị đã nhận việc này',
    () => undefined,
  );
  return { ...taking, run: () => taking.run(undefined, complaint.version) };
}

export function EditDialog({ complaint, onClose }: Props) {
  const { reference } = useNames();
  const categories = useCategoryOptions();
  const [category, setCategory] = useState(complaint.category);
  const [reason, setReason] = useState('');
  const [labels, setLabels] = useState(complaint.labels);
  const [national_code, setNationalCode] = useState(complaint.national_code ?? '');
  const recategorised = category !== complaint.category;
  const { run, pending, error, dialog } = useVersioned(
    complaint,
    (_: void, expected_version) =>
      ask(api.PATCH('/complaints/{code}', {
        params: { path: { code: complaint.code } },
        body: {
          expected_version,
          ...(recategorised ? { category, reason } : {}),
          ...(labels.join('\n') !== complaint.labels.join('\n') ? { labels } : {}),
          ...(national_code !== (complaint.national_code ?? '') ? { national_code: national_code.trim() || null } : {}),
        },
      })),
    'Đã lưu',
    onClose,
  );
  return (
    <>
      <Form title="Sửa lĩnh vực, nhãn" onClose={onClose} onSubmit={() => run()} error={error} pending={pending} ready={!recategorised || reason.trim() !== ''} button="Lưu">
        <Select searchable filter={findMarkless} label="Lĩnh vực" data={categories} allowDeselect={false} value={category} onChange={(value) => value !== null && setCategory(value)} />
        {recategorised && reasonField(reason, setReason)}
        <TagsInput label="Nhãn" data={reference?.labels ?? []} maxTags={10} value={labels} onChange={(value) => setLabels(value.map((label) => label.trim().slice(0, 30)))} />
        <TextInput label="Mã trên Cổng Dịch vụ công quốc gia" maxLength={40} value={national_code} onChange={(event) => setNationalCode(event.currentTarget.value)} />
      </Form>
      {dialog}
    </>
  );
}

export interface Contact {
  name: string | null;
  phone: string | null;
  address: string | null;
}

export function RevealDialog({ complaint, onClose, onRevealed }: Props & { onRevealed: (contact: Contact) => void }) {
  const [reason, setReason] = useState('');
  const reveal = useChange(
    () => ask(api.POST('/complaints/{code}/reveal', { params: { path: { code: complaint.code } }, body: { reason: reason.trim() } })),
    keysOf.part(complaint.code, 'history'),
  );
  return (
    <Form
      title="Hiện thông tin người gửi" onClose={onClose} error={reveal.error} pending={reveal.isPending} ready={reason.trim().length >= 5} button="Hiện"
      onSubmit={() =>
        reveal.mutate(undefined, {
          onSuccess: (contact) => {
            onRevealed(contact);
            onClose();
          },
        })
      }
    >
      <p className="quiet">Việc xem được ghi vào nhật ký: ai xem, lúc nào, vì sao.</p>
      <TextInput label="Vì sao cần xem" data-autofocus required minLength={5} maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </Form>
  );
}

/** Original on one side, the text for publication on the other, the difference below. */
export function ModerationDialog({ complaint, message, onClose }: Props & { message: Message | null }) {
  const original = message === null ? complaint.content : message.text;
  const [text, setText] = useState((message === null ? complaint.public_content : message.public_text) ?? original);
  const [reason, setReason] = useState('');
  const { run, pending, error, dialog } = useVersioned(
    complaint,
    (_: void, expected_version) =>
      ask(api.POST('/complaints/{code}/moderation', { params: { path: { code: complaint.code } }, body: { expected_version, message_id: message?.id ?? null, text, reason: reason.trim() } })),
    'Đã lưu bản công khai, bản gốc được giữ',
    onClose,
  );
  return (
    <>
      <Form title="Biên tập bản công khai" size="xl" onClose={onClose} onSubmit={() => run()} error={error} pending={pending} ready={reason.trim() !== ''} button="Lưu bản công khai">
        <p className="quiet">Bỏ tên, điện thoại, địa chỉ, lời xúc phạm. Bản gốc luôn được giữ.</p>
        <div className="compare">
          <div className="stack tight">
            <span className="strong">Bản gốc</span>
            <div className="panel said">
              <Said text={original} />
            </div>
          </div>
          <Textarea label="Bản công khai" autosize minRows={6} maxLength={6000} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        </div>
        <div className="stack tight">
          <span className="strong">Khác nhau</span>
          <div className="panel">{text === original ? <span className="quiet">Giống bản gốc</span> : <Difference before={original} after={text} />}</div>
        </div>
        <TextInput label="Lý do" required maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      </Form>
      {dialog}
    </>
  );
}

export function DuplicatesDialog({ complaint, onClose, onMerge }: Props & { onMerge: (code: string) => void }) {
  const names = useNames();
  const duplicates = useDuplicates(complaint.code, true);
  const [chosen, setChosen] = useState(0);
  const other = duplicates.data?.items[chosen];
  const mayMerge = complaint.transitions.some(({ id }) => names.transition(id)?.needs.includes('duplicate_of'));
  return (
    <Modal opened onClose={onClose} title="Phản ánh có thể trùng" size="xl">
      {duplicates.isPending ? (
        <Loading lines={4} />
      ) : !duplicates.data ? (
        <Failed error={duplicates.error} again={() => void duplicates.refetch()} />
      ) : !other ? (
        <p className="quiet">Không thấy phản ánh nào giống phản ánh này.</p>
      ) : (
        <div className="stack">
          <div className="row" role="group" aria-label="Chọn phản ánh để so">
            {duplicates.data.items.map(({ complaint: each, similarity }, index) => (
              <Button key={each.code} size="xs" variant={index === chosen ? 'filled' : 'default'} aria-pressed={index === chosen} onClick={() => setChosen(index)}>
                {each.code} · giống {Math.round(similarity * 100)}%
              </Button>
            ))}
          </div>
          <div className="row quiet">
            <StateTag state={other.complaint.state} />
            {other.same_sender ? 'cùng người gửi' : 'người gửi khác'} · nhận {dateText(dayOf(Date.parse(other.complaint.received_at)))} · {names.commune(other.complaint.commune) || 'chưa rõ địa bàn'}
            <a href={`/complaints/${other.complaint.code}`} target="_blank" rel="noopener">
              Mở trong thẻ mới
            </a>
          </div>
          <div className="compare">
            <div className="stack tight">
              <span className="strong">{complaint.code} (đang xem)</span>
              <div className="panel said">
                <Said text={complaint.content} />
              </div>
            </div>
            <div className="stack tight">
              <span className="strong">{other.complaint.code}</span>
              <div className="panel said">
                <Said text={other.content} />
              </div>
            </div>
          </div>
          <div className="row end">
            {mayMerge ? (
              <Button onClick={() => onMerge(other.complaint.code)}>Gộp phản ánh này vào {other.complaint.code}…</Button>
            ) : (
              <span className="quiet">Ở trạng thái hiện tại không gộp được.</span>
            )}
          </div>
        </div>
      )}
    </Modal>
  );
}
