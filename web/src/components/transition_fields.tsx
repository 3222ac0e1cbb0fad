import { Select, TextInput, Textarea } from '@mantine/core';
import { useNames } from '../api/queries';
import type { Reference, TransitionInputs } from '../api/types';
import { useUnitOptions } from '../list/filter_panel';
import { countCharacters } from '../logic/text';
import { findMarkless } from './select_search';

export type Transition = Reference['transitions'][number];

export function inputsComplete(transition: Transition, inputs: TransitionInputs, messageElsewhere = false): boolean {
  return transition.needs.every((need) => (need === 'message' && messageElsewhere) || Boolean(inputs[need]?.trim()));
}

interface Props {
  transition: Transition;
  inputs: TransitionInputs;
  onChange: (inputs: TransitionInputs) => void;
}

/** What a transition needs, asked for in the order of the workflow table. */
export function TransitionFields({ transition, inputs, onChange }: Props) {
  const { reference } = useNames();
  const units = useUnitOptions();
  const set = (part: TransitionInputs) => onChange({ ...inputs, ...part });
  const one = { searchable: true, filter: findMarkless, nothingFoundMessage: 'Không có' } as const;
  const limit = reference?.message_limit ?? 2000;
  const refusal = reference?.refusals.find(({ id }) => id === inputs.refusal);
  return (
    <>
      {transition.needs.map((need) => {
        switch (need) {
          case 'unit':
            return <Select key={need} {...one} label="Đơn vị xử lý" required data={units} value={inputs.unit ?? null} onChange={(unit) => set({ unit: unit ?? undefined })} />;
          case 'agency':
            return <TextInput key={need} label="Cơ quan nhận" required maxLength={200} value={inputs.agency ?? ''} onChange={(event) => set({ agency: event.currentTarget.value })} />;
          case 'duplicate_of':
            return (
              <TextInput
                key={need} label="Trùng với phản ánh" placeholder="PA-…" required maxLength={20} value={inputs.duplicate_of ?? ''}
                onChange={(event) => set({ duplicate_of: event.currentTarget.value.trim().toUpperCase() })}
              />
            );
          case 'refusal':
            return (
              <div key={need} className="stack tight">
                <Select {...one} label="Lý do từ chối" required data={reference?.refusals.map(({ id, title }) => ({ value: id, label: title })) ?? []} value={inputs.refusal ?? null} onChange={(value) => set({ refusal: value ?? undefined })} />
                {refusal && <div className="panel">Người dân đọc: “{refusal.citizen}”</div>}
              </div>
            );
          case 'message':
            return (
              <Textarea
                key={need} label="Lời nhắn người dân" required autosize minRows={4} value={inputs.message ?? ''} onChange={(event) => set({ message: event.currentTarget.value })}
                description={`${countCharacters(inputs.message ?? '')}/${limit}`} error={countCharacters(inputs.message ?? '') > limit && 'Dài quá'}
              />
            );
          case 'reason':
            return <Textarea key={need} label="Lý do (nội bộ, ghi vào nhật ký)" required autosize minRows={2} maxLength={2000} value={inputs.reason ?? ''} onChange={(event) => set({ reason: event.currentTarget.value })} />;
        }
      })}
    </>
  );
}
