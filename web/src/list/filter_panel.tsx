import { Button, Drawer, MultiSelect, Select, TagsInput, TextInput } from '@mantine/core';
import { useNames } from '../api/queries';
import type { Source } from '../api/types';
import { sourceNames } from '../components/marks';
import { findMarkless } from '../components/select_search';
import { countFilters, noFilters, type Filters } from '../logic/filters';
import { dateText, type Deadline } from '../logic/time';

export const deadlineNames: Record<Deadline, string> = {
  overdue: 'Đã quá hạn',
  soon: 'Sắp quá hạn (còn 0–2 ngày)',
  later: 'Còn trên 2 ngày',
  none: 'Không có hạn đang chạy',
};

interface Props {
  filters: Filters;
  onChange: (part: Partial<Filters>) => void;
}

export function useCategoryOptions() {
  const { reference, category } = useNames();
  return (
    reference?.categories.map(({ id, title, parent }) => ({ value: id, label: parent === null ? title : `${category(parent)} › ${title}` })) ?? []
  );
}
export function useUnitOptions() {
  const { reference } = useNames();
  return reference?.units.filter(({ active }) => active).map(({ id, name }) => ({ value: id, label: name })) ?? [];
}

export function FilterDrawer({ filters, onChange, opened, onClose }: Props & { opened: boolean; onClose: () => void }) {
  const { reference } = useNames();
  const categories = useCategoryOptions();
  const units = useUnitOptions();
  const many = { searchable: true, clearable: true, filter: findMarkless, nothingFoundMessage: 'Không có', comboboxProps: { withinPortal: true } } as const;
  const yesNo = (value: boolean | null) => (value === null ? null : String(value));
  const fromYesNo = (value: string | null) => (value === null ? null : value === 'true');
  return (
    <Drawer opened={opened} onClose={onClose} title="Bộ lọc">
      <div className="stack">
        <MultiSelect {...many} label="Trạng thái" data={reference?.states.map(({ id, title }) => ({ value: id, label: title })) ?? []} value={filters.state} onChange={(state) => onChange({ state })} />
        <MultiSelect
          {...many} label="Thời hạn" data={Object.entries(deadlineNames).map(([value, label]) => ({ value, label }))} value={filters.deadline}
          onChange={(deadline) => onChange({ deadline: deadline as Deadline[] })}
        />
        <MultiSelect {...many} label="Lĩnh vực" data={categories} value={filters.category} onChange={(category) => onChange({ category })} />
        <MultiSelect {...many} label="Đơn vị" data={[{ value: 'none', label: '— chưa có đơn vị' }, ...units]} value={filters.unit} onChange={(unit) => onChange({ unit })} />
        <MultiSelect
          {...many} label="Cán bộ"
          data={[
            { value: 'none', label: '— chưa phân công' },
            { value: 'me', label: 'Tôi' },
            ...(reference?.staff.filter(({ active, roles }) => active && roles.some((role) => role === 'officer' || role === 'coordinator')).map(({ id, name }) => ({ value: id, label: name })) ?? []),
          ]}
          value={filters.officer} onChange={(officer) => onChange({ officer })}
        />
        <MultiSelect {...many} label="Địa bàn" data={[{ value: 'none', label: '— chưa rõ' }, ...(reference?.communes.map(({ code, name }) => ({ value: code, label: name })) ?? [])]} value={filters.commune} onChange={(commune) => onChange({ commune })} />
        <div className="form-grid">
          <TextInput type="date" label="Nhận từ ngày" value={filters.received_from ?? ''} max={filters.received_to ?? undefined} onChange={(event) => onChange({ received_from: event.currentTarget.value || null })} />
          <TextInput type="date" label="Nhận đến ngày" value={filters.received_to ?? ''} min={filters.received_from ?? undefined} onChange={(event) => onChange({ received_to: event.currentTarget.value || null })} />
        </div>
        <MultiSelect {...many} label="Nguồn" data={Object.entries(sourceNames).map(([value, label]) => ({ value, label }))} value={filters.source} onChange={(source) => onChange({ source: source as Source[] })} />
        <MultiSelect {...many} label="Hoạt động của kế hoạch" data={reference?.activities.map(({ id, name }) => ({ value: id, label: `${id} ${name}` })) ?? []} value={filters.activity} onChange={(activity) => onChange({ activity })} />
        <TagsInput label="Nhãn" clearable data={reference?.labels ?? []} value={filters.label} onChange={(label) => onChange({ label })} />
        <Select clearable label="Mở lại" data={[{ value: 'true', label: 'Đã từng mở lại' }, { value: 'false', label: 'Chưa mở lại' }]} value={yesNo(filters.reopened)} onChange={(value) => onChange({ reopened: fromYesNo(value) })} />
        <Select clearable label="Đính kèm" data={[{ value: 'true', label: 'Có ảnh, tệp' }, { value: 'false', label: 'Không có' }]} value={yesNo(filters.has_attachment)} onChange={(value) => onChange({ has_attachment: fromYesNo(value) })} />
        <Select
          clearable label="Đánh giá" data={[1, 2, 3, 4, 5].map((stars) => ({ value: String(stars), label: `Từ ${stars} sao trở xuống` }))}
          value={filters.rating_maximum === null ? null : String(filters.rating_maximum)} onChange={(value) => onChange({ rating_maximum: value === null ? null : Number(value) })}
        />
        <Select data={[{ value: 'false', label: 'Phản ánh thật' }, { value: 'true', label: 'Phản ánh thử' }]} label="Thật / thử" allowDeselect={false} value={String(filters.test)} onChange={(value) => onChange({ test: value === 'true' })} />
        <div className="row end">
          <Button variant="default" disabled={countFilters(filters) === 0} onClick={() => onChange({ ...noFilters, tab: filters.tab, q: filters.q, sort: filters.sort, order: filters.order })}>
            Bỏ hết
          </Button>
          <Button onClick={onClose}>Xong</Button>
        </div>
      </div>
    </Drawer>
  );
}

/** What is filtered, each to be taken off with one press. */
export function FilterChips({ filters, onChange }: Props) {
  const names = useNames();
  const chips: { title: string; off: Partial<Filters> }[] = [];
  const many = <Name extends 'state' | 'category' | 'unit' | 'officer' | 'commune' | 'activity' | 'label' | 'deadline' | 'source'>(name: Name, title: (value: string) => string) => {
    for (const value of filters[name]) chips.push({ title: title(value), off: { [name]: (filters[name] as string[]).filter((each) => each !== value) } });
  };
  if (filters.q !== '') chips.push({ title: `“${filters.q}”`, off: { q: '' } });
  many('state', names.state);
  many('deadline', (value) => deadlineNames[value as Deadline]);
  many('category', names.category);
  many('unit', (value) => (value === 'none' ? 'Chưa có đơn vị' : names.unit(value)));
  many('officer', (value) => (value === 'none' ? 'Chưa phân công' : value === 'me' ? 'Giao cho tôi' : names.staff(value)));
  many('commune', (value) => (value === 'none' ? 'Chưa rõ địa bàn' : names.commune(value)));
  if (filters.received_from !== null) chips.push({ title: `Từ ${dateText(filters.received_from)}`, off: { received_from: null } });
  if (filters.received_to !== null) chips.push({ title: `Đến ${dateText(filters.received_to)}`, off: { received_to: null } });
  many('source', (value) => sourceNames[value as Source]);
  many('activity', names.activity);
  many('label', (value) => `#${value}`);
  if (filters.reopened !== null) chips.push({ title: filters.reopened ? 'Đã từng mở lại' : 'Chưa mở lại', off: { reopened: null } });
  if (filters.has_attachment !== null) chips.push({ title: filters.has_attachment ? 'Có đính kèm' : 'Không đính kèm', off: { has_attachment: null } });
  if (filters.rating_maximum !== null) chips.push({ title: `≤ ${filters.rating_maximum} sao`, off: { rating_maximum: null } });
  if (filters.test) chips.push({ title: 'Phản ánh thử', off: { test: false } });
  if (chips.length === 0) return null;
  return (
    <div className="row" aria-label="Đang lọc">
      {chips.map(({ title, off }) => (
        <button key={title} type="button" className="tag label" onClick={() => onChange(off)} aria-label={`Bỏ lọc ${title}`}>
          {title} ✕
        </button>
      ))}
    </div>
  );
}
