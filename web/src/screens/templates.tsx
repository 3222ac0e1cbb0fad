import { Button, Modal, MultiSelect, Select, TextInput, Textarea } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Failure, api, ask } from '../api/client';
import { has, keysOf, useChange, useMe, useNames, useTemplates } from '../api/queries';
import type { Change, Template, TemplateFields } from '../api/types';
import { useKeys } from '../components/keyboard';
import { Ago } from '../components/marks';
import { findMarkless } from '../components/select_search';
import { Empty, Failed, Loading, Objection, complained, told } from '../components/states';
import { StaleDialog } from '../components/stale';
import { useCategoryOptions } from '../list/filter_panel';
import { countCharacters, fold } from '../logic/text';

export default function TemplatesPage() {
  const me = useMe();
  const names = useNames();
  const templates = useTemplates();
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<Template | 'new' | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const mayEdit = has(me, 'coordinator', 'editor');
  useKeys(['list'], { search: () => field.current?.focus() });
  useEffect(() => {
    document.title = 'Mẫu câu · Một Cửa';
  }, []);
  const found = templates.data?.items.filter(({ title, text }) => fold(`${title} ${text}`).includes(fold(search.trim()))) ?? [];
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Mẫu câu trả lời</h1>
        {mayEdit && <Button onClick={() => setEdited('new')}>Thêm mẫu câu</Button>}
      </div>
      <TextInput ref={field} type="search" aria-label="Tìm mẫu câu" placeholder="Tìm mẫu câu, bỏ dấu cũng được" value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      {templates.isPending ? (
        <Loading />
      ) : !templates.data ? (
        <Failed error={templates.error} again={() => void templates.refetch()} />
      ) : found.length === 0 ? (
        <Empty title={templates.data.items.length === 0 ? 'Chưa có mẫu câu nào' : 'Không có mẫu câu nào khớp'}>
          {templates.data.items.length === 0 && <p className="quiet">Mẫu câu giúp trả lời nhanh và thống nhất. Trong ô trả lời, gõ / để chọn.</p>}
        </Empty>
      ) : (
        <div className="frame">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Tên</th>
                <th scope="col">Nội dung</th>
                <th scope="col">Dùng khi</th>
                <th scope="col">Sửa lần cuối</th>
                {mayEdit && (
                  <th scope="col">
                    <span className="hidden-text">Thao tác</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {found.map((template) => (
                <tr key={template.id}>
                  <td className="strong">{template.title}</td>
                  <td className="text said">{template.text}</td>
                  <td>
                    {template.transition !== null && <div>{names.transition(template.transition)?.title ?? template.transition}</div>}
                    <div className="quiet">{template.categories.length === 0 ? 'mọi lĩnh vực' : template.categories.map(names.category).join(', ')}</div>
                  </td>
                  <td className="quiet">
                    {Date.parse(template.updated_at) === 0 ? 'có sẵn, chưa sửa' : <Ago at={template.updated_at} />}
                    <div>{names.staff(template.updated_by)}</div>
                  </td>
                  {mayEdit && (
                    <td>
                      <Button size="xs" variant="default" onClick={() => setEdited(template)} aria-label={`Sửa ${template.title}`}>
                        Sửa
                      </Button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {edited !== null && <TemplateDialog template={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </div>
  );
}

function TemplateDialog({ template, onClose }: { template: Template | null; onClose: () => void }) {
  const { reference } = useNames();
  const categories = useCategoryOptions();
  const [fields, setFields] = useState<TemplateFields>(template ?? { title: '', text: '', categories: [], transition: null });
  const [stale, setStale] = useState<{ changes: Change[]; version: number } | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const limit = reference?.message_limit ?? 2000;
  const change = (part: Partial<TemplateFields>) => setFields((before) => ({ ...before, ...part }));
  const body = { title: fields.title.trim(), text: fields.text, categories: fields.categories, transition: fields.transition };
  const save = useChange(
    (expected_version: number) =>
      template === null ? ask(api.POST('/templates', { body })) : ask(api.PUT('/templates/{id}', { params: { path: { id: template.id } }, body: { ...body, expected_version } })),
    keysOf.templates,
  );
  const remove = useChange(() => ask(api.DELETE('/templates/{id}', { params: { path: { id: template?.id ?? '' } } })), keysOf.templates);
  const store = (version: number) =>
    save.mutate(version, {
      onSuccess: () => {
        told('Đã lưu mẫu câu');
        onClose();
      },
      onError: (failure) => {
        if (failure instanceof Failure && failure.kind === 'stale') {
          const current = failure.problem && 'current' in failure.problem ? (failure.problem.current as Template | undefined) : undefined;
          setStale({ changes: failure.changes, version: current?.version ?? version + 1 });
        }
      },
    });
  const characters = countCharacters(fields.text);
  return (
    <>
      <Modal opened onClose={onClose} title={template === null ? 'Thêm mẫu câu' : 'Sửa mẫu câu'} size="xl">
        <form
          className="stack"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            store(template?.version ?? 1);
          }}
        >
          <TextInput label="Tên" required maxLength={100} data-autofocus value={fields.title} onChange={(event) => change({ title: event.currentTarget.value })} />
          <Textarea
            ref={area} label="Nội dung" required autosize minRows={6} value={fields.text} description={`${characters}/${limit}`} error={characters > limit && 'Dài quá'}
            onChange={(event) => change({ text: event.currentTarget.value })}
          />
          <div className="row">
            <span className="quiet">Chèn chỗ điền:</span>
            {reference?.places.map(({ place, title }) => (
              <button
                key={place} type="button" className="tag label" title={title}
                onClick={() => {
                  const at = area.current?.selectionStart ?? fields.text.length;
                  change({ text: fields.text.slice(0, at) + place + fields.text.slice(at) });
                }}
              >
                {place}
              </button>
            ))}
          </div>
          <div className="form-grid">
            <MultiSelect
              searchable clearable filter={findMarkless} label="Lĩnh vực" placeholder={fields.categories.length === 0 ? 'Mọi lĩnh vực' : undefined} data={categories} value={fields.categories}
              onChange={(value) => change({ categories: value })}
            />
            <Select
              clearable label="Đề xuất khi chọn bước" placeholder="Không" value={fields.transition} onChange={(transition) => change({ transition })}
              data={reference?.transitions.map(({ id, title, to }) => ({ value: id, label: `${title} → ${reference.states.find((state) => state.id === to)?.title ?? to}` })) ?? []}
            />
          </div>
          <Objection error={save.error?.kind === 'stale' ? remove.error : (save.error ?? remove.error)} />
          <div className="row spread">
            {template === null ? (
              <span />
            ) : (
              <Button
                variant="subtle" color="red" loading={remove.isPending}
                onClick={() => {
                  if (window.confirm(`Xóa mẫu câu “${template.title}”?`)) remove.mutate(undefined, { onSuccess: onClose, onError: complained });
                }}
              >
                Xóa
              </Button>
            )}
            <div className="row">
              <Button variant="default" onClick={onClose}>
                Thôi
              </Button>
              <Button type="submit" loading={save.isPending} disabled={fields.title.trim() === '' || fields.text.trim() === '' || characters > limit}>
                Lưu
              </Button>
            </div>
          </div>
        </form>
      </Modal>
      <StaleDialog
        changes={stale?.changes ?? null} onClose={() => setStale(null)}
        onAgain={() => {
          if (stale) store(stale.version);
          setStale(null);
        }}
      />
    </>
  );
}
