import { Button, Checkbox, Menu, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { api, ask } from '../api/client';
import { has, keysOf, useChange, useMe, useViews } from '../api/queries';
import { Objection, complained, told } from '../components/states';

/** Saved views: opening, saving the present one, removing one's own. */
export function Views({ query, onOpen }: { query: string; onOpen: (query: string) => void }) {
  const me = useMe();
  const views = useViews();
  const [saving, setSaving] = useState(false);
  const [removing, setRemoving] = useState(false);
  const own = views.data?.items.filter(({ staff_id }) => staff_id === me.id) ?? [];
  return (
    <>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button variant="default">Góc nhìn ▾</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.isError && <Menu.Label>Chưa tải được góc nhìn</Menu.Label>}
          {views.data?.items.length === 0 && <Menu.Label>Chưa lưu góc nhìn nào</Menu.Label>}
          {views.data?.items.map((view) => (
            <Menu.Item key={view.id} onClick={() => onOpen(view.query)} aria-current={view.query === query}>
              {view.query === query ? '● ' : ''}
              {view.title}
              {view.shared && <span className="quiet"> · dùng chung</span>}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setSaving(true)}>Lưu bộ lọc đang dùng…</Menu.Item>
          {own.length > 0 && <Menu.Item onClick={() => setRemoving(true)}>Sắp xếp góc nhìn của tôi…</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      <SaveView key={String(saving)} opened={saving} query={query} onClose={() => setSaving(false)} />
      <OwnViews opened={removing} onClose={() => setRemoving(false)} />
    </>
  );
}

function SaveView({ opened, query, onClose }: { opened: boolean; query: string; onClose: () => void }) {
  const me = useMe();
  const [title, setTitle] = useState('');
  const [shared, setShared] = useState(false);
  const save = useChange(() => ask(api.POST('/views', { body: { title: title.trim(), query, shared } })), keysOf.views);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined, {
      onSuccess: () => {
        told('Đã lưu góc nhìn');
        onClose();
      },
    });
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Lưu góc nhìn">
      <form className="stack" onSubmit={submit}>
        <TextInput label="Tên" required maxLength={60} data-autofocus value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        {has(me, 'coordinator') && <Checkbox label="Cho mọi người cùng dùng" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />}
        <Objection error={save.error} />
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Thôi
          </Button>
          <Button type="submit" loading={save.isPending}>
            Lưu
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function OwnViews({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const me = useMe();
  const views = useViews();
  const remove = useChange((id: string) => ask(api.DELETE('/views/{id}', { params: { path: { id } } })), keysOf.views);
  return (
    <Modal opened={opened} onClose={onClose} title="Góc nhìn của tôi">
      <div className="stack">
        {views.data?.items
          .filter(({ staff_id }) => staff_id === me.id)
          .map((view) => (
            <div key={view.id} className="row spread">
              <span>{view.title}</span>
              <Button variant="subtle" color="red" loading={remove.isPending && remove.variables === view.id} onClick={() => remove.mutate(view.id, { onError: complained })}>
                Xóa
              </Button>
            </div>
          ))}
      </div>
    </Modal>
  );
}
