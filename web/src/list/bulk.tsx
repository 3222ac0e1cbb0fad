import { Button, Menu, Modal, Select, TagsInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { keysOf, useChange, useNames, useTemplates } from '../api/queries';
import type { BulkOperation, BulkPreview, BulkResult } from '../api/types';
import { Said } from '../components/said';
import { findMarkless } from '../components/select_search';
import { Objection, told } from '../components/states';
import { TransitionFields, inputsComplete, type Transition } from '../components/transition_fields';
import { useCategoryOptions, useUnitOptions } from './filter_panel';

type Kind = BulkOperation['operation'];
const titles: Record<Kind, string> = { assign: 'Phân công', category: 'Đổi lĩnh vực', label: 'Gắn, bỏ nhãn', transition: 'Chuyển trạng thái' };

export function BulkBar({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const [kind, setKind] = useState<Kind | null>(null);
  return (
    <div className="bulk row spread" role="region" aria-label="Làm hàng loạt">
      <span>Đã chọn {codes.length} phản ánh</span>
      <div className="row">
        <Menu position="top-end">
          <Menu.Target>
            <Button color="dark" variant="white">
              Làm hàng loạt ▾
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(Object.keys(titles) as Kind[]).map((each) => (
              <Menu.Item key={each} onClick={() => setKind(each)}>
                {titles[each]}…
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Button variant="white" color="dark" onClick={onDone}>
          Bỏ chọn
        </Button>
      </div>
      {kind !== null && (
        <BulkDialog
          kind={kind} codes={codes} onClose={() => setKind(null)}
          onDone={() => {
            setKind(null);
            onDone();
          }}
        />
      )}
    </div>
  );
}

/** What to do, then what it would do to each, then what was done: never without the middle step. */
function BulkDialog({ kind, codes, onClose, onDone }: { kind: Kind; codes: string[]; onClose: () => void; onDone: () => void }) {
  const [operation, setOperation] = useState<BulkOperation>({ codes, operation: kind });
  const transition = useNames().transition(operation.transition ?? '');
  const preview = useChange(() => ask(api.POST('/complaints/bulk-previews', { body: operation })));
  const run = useChange((id: string) => ask(api.POST('/complaints/bulk-previews/{id}/run', { params: { path: { id } } })), keysOf.lists, ['case']);
  const change = (part: Partial<BulkOperation>) => setOperation((before) => ({ ...before, ...part }));
  return (
    <Modal opened onClose={run.data ? onDone : onClose} title={titles[kind]} size="xl">
      <div className="stack">
        {run.data ? (
          <Result result={run.data} />
        ) : preview.data ? (
          <Preview preview={preview.data} />
        ) : (
          <Fields operation={operation} onChange={change} />
        )}
        <Objection error={run.error ?? preview.error} />
        <div className="row end">
          {run.data ? (
            <Button onClick={onDone}>Xong</Button>
          ) : preview.data ? (
            <>
              <Button variant="default" onClick={() => { preview.reset(); run.reset(); }}>
                Sửa lại
              </Button>
              <Button
                disabled={preview.data.possible === 0} loading={run.isPending}
                onClick={() => run.mutate(preview.data.id, { onSuccess: ({ done }) => told(`Đã làm ${done} phản ánh`) })}
              >
                Thực hiện với {preview.data.possible} phản ánh
              </Button>
            </>
          ) : (
            <>
              <Button variant="default" onClick={onClose}>
                Thôi
              </Button>
              <Button disabled={!complete(operation, transition)} loading={preview.isPending} onClick={() => preview.mutate(undefined)}>
                Xem trước
              </Button>
            </>
          )}
        </div>
      </div>
    </Modal>
  );
}

function complete(operation: BulkOperation, transition: Transition | undefined): boolean {
  switch (operation.operation) {
    case 'assign':
      return Boolean(operation.unit_id);
    case 'category':
      return Boolean(operation.category && operation.reason?.trim());
    case 'label':
      return (operation.add_labels?.length ?? 0) + (operation.remove_labels?.length ?? 0) > 0;
    case 'transition':
      return transition !== undefined && inputsComplete(transition, operation.inputs ?? {}, Boolean(operation.template_id));
  }
}

function Fields({ operation, onChange }: { operation: BulkOperation; onChange: (part: Partial<BulkOperation>) => void }) {
  const { reference } = useNames();
  const units = useUnitOptions();
  const categories = useCategoryOptions();
  const templates = useTemplates().data?.items ?? [];
  const one = { searchable: true, filter: findMarkless, nothingFoundMessage: 'Không có' } as const;
  const transition = reference?.transitions.find(({ id }) => id === operation.transition);
  const reason = (required: boolean) => (
    <Textarea label="Lý do (nội bộ)" required={required} autosize minRows={2} maxLength={2000} value={operation.reason ?? ''} onChange={(event) => onChange({ reason: event.currentTarget.value })} />
  );
  switch (operation.operation) {
    case 'assign':
      return (
        <>
          <Select {...one} label="Đơn vị" required data={units} value={operation.unit_id ?? null} onChange={(unit_id) => onChange({ unit_id, officer_id: null })} />
          <Select
            {...one} clearable label="Cán bộ (để trống: đơn vị tự giao)" disabled={!operation.unit_id} value={operation.officer_id ?? null}
            data={reference?.staff.filter(({ active, unit_id }) => active && unit_id === operation.unit_id).map(({ id, name }) => ({ value: id, label: name })) ?? []}
            onChange={(officer_id) => onChange({ officer_id })}
          />
          {reason(false)}
        </>
      );
    case 'category':
      return (
        <>
          <Select {...one} label="Lĩnh vực mới" required data={categories} value={operation.category ?? null} onChange={(category) => onChange({ category: category ?? undefined })} />
          {reason(true)}
        </>
      );
    case 'label':
      return (
        <>
          <TagsInput label="Gắn nhãn" data={reference?.labels ?? []} maxTags={10} value={operation.add_labels ?? []} onChange={(add_labels) => onChange({ add_labels })} />
          <TagsInput label="Bỏ nhãn" data={reference?.labels ?? []} maxTags={10} value={operation.remove_labels ?? []} onChange={(remove_labels) => onChange({ remove_labels })} />
        </>
      );
    case 'transition':
      return (
        <>
          <Select
            {...one} label="Bước chuyển" required value={operation.transition ?? null}
            data={reference?.transitions.map(({ id, title, to }) => ({ value: id, label: `${title} → ${reference.states.find((state) => state.id === to)?.title ?? to}` })) ?? []}
            onChange={(value) => onChange({ transition: value ?? undefined, inputs: undefined, template_id: undefined })}
          />
          {transition?.needs.includes('message') && (
            <Select
              {...one} clearable label="Mẫu câu gửi người dân" value={operation.template_id ?? null}
              data={templates.filter((template) => template.transition === null || template.transition === transition.id).map(({ id, title }) => ({ value: id, label: title }))}
              onChange={(value) => onChange({ template_id: value ?? undefined })}
            />
          )}
          {transition && (
            <TransitionFields
              transition={{ ...transition, needs: transition.needs.filter((need) => need !== 'message' || !operation.template_id) }}
              inputs={operation.inputs ?? {}} onChange={(inputs) => onChange({ inputs })}
            />
          )}
        </>
      );
  }
}

function Preview({ preview }: { preview: BulkPreview }) {
  return (
    <>
      <p>
        Làm được với <strong>{preview.possible}</strong> trong {preview.items.length} phản ánh. Chưa có gì được thực hiện.
      </p>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Mã</th>
            <th scope="col">Sẽ làm</th>
          </tr>
        </thead>
        <tbody>
          {preview.items.map((item) => (
            <tr key={item.code}>
              <td className="code">{item.code}</td>
              <td>
                {!item.possible ? (
                  <span className="bad">Không: {item.objection}</span>
                ) : item.message === null ? (
                  'Được'
                ) : (
                  <div className="panel said">
                    <Said text={item.message} />
                  </div>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Result({ result }: { result: BulkResult }) {
  const failed = result.items.filter(({ done }) => !done);
  return (
    <>
      <p>
        Đã làm <strong>{result.done}</strong> phản ánh{failed.length > 0 ? `, ${failed.length} không làm được:` : '.'}
      </p>
      {failed.map(({ code, objection }) => (
        <p key={code}>
          {code}: <span className="bad">{objection}</span>
        </p>
      ))}
    </>
  );
}
