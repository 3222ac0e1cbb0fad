import { Button, Checkbox, Modal, MultiSelect, Select, TextInput } from '@mantine/core';
import { useEffect, useState, type FormEvent } from 'react';
import { api, ask } from '../api/client';
import { keysOf, useChange, useMe, useNames, useStaff } from '../api/queries';
import type { Role, StaffFields, StaffMember, Unit, UnitFields } from '../api/types';
import { Ago } from '../components/marks';
import { findMarkless } from '../components/select_search';
import { SessionList } from '../components/sessions';
import { Empty, Failed, Loading, Objection, complained, told } from '../components/states';
import { useUnitOptions } from '../list/filter_panel';
import { fold } from '../logic/text';

export const roleNames: Record<Role, string> = {
  viewer: 'Xem số liệu',
  officer: 'Cán bộ xử lý',
  coordinator: 'Điều phối',
  editor: 'Biên tập nội dung',
  admin: 'Quản trị',
};

export default function StaffPage() {
  const [tab, setTab] = useState<'accounts' | 'units'>('accounts');
  useEffect(() => {
    document.title = 'Cán bộ · Một Cửa';
  }, []);
  return (
    <div className="stack">
      <h1>Cán bộ và đơn vị</h1>
      <div className="tabs" role="tablist" aria-label="Cán bộ và đơn vị">
        <button type="button" role="tab" aria-selected={tab === 'accounts'} onClick={() => setTab('accounts')}>
          Tài khoản
        </button>
        <button type="button" role="tab" aria-selected={tab === 'units'} onClick={() => setTab('units')}>
          Đơn vị
        </button>
      </div>
      {tab === 'accounts' ? <Accounts /> : <Units />}
    </div>
  );
}

function Accounts() {
  const names = useNames();
  const staff = useStaff();
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<StaffMember | 'new' | null>(null);
  const found = staff.data?.items.filter((each) => fold(`${each.name} ${each.user_name} ${names.unit(each.unit_id)}`).includes(fold(search.trim()))) ?? [];
  return (
    <>
      <div className="row">
        <TextInput className="grow" type="search" aria-label="Tìm cán bộ" placeholder="Tìm theo tên, đơn vị" value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        <Button onClick={() => setEdited('new')}>Thêm tài khoản</Button>
      </div>
      {staff.isPending ? (
        <Loading />
      ) : !staff.data ? (
        <Failed error={staff.error} again={() => void staff.refetch()} />
      ) : found.length === 0 ? (
        <Empty title="Không có ai khớp" />
      ) : (
        <div className="frame">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Họ tên</th>
                <th scope="col">Đơn vị</th>
                <th scope="col">Vai trò</th>
                <th scope="col">Đang phụ trách</th>
                <th scope="col">Bước xác thực 2</th>
                <th scope="col">Hoạt động gần nhất</th>
                <th scope="col">
                  <span className="hidden-text">Thao tác</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {found.map((member) => (
                <tr key={member.id}>
                  <td>
                    <span className="strong">{member.name}</span> {!member.active && <span className="tag hidden">đã khóa</span>}
                    <div className="quiet">{member.user_name}</div>
                  </td>
                  <td>{names.unit(member.unit_id) || '–'}</td>
                  <td>{member.roles.map((role) => roleNames[role]).join(', ')}</td>
                  <td data-title="Đang phụ trách">
                    <span>{member.open_cases}</span>
                  </td>
                  <td data-title="Bước xác thực 2">{member.totp_enrolled ? <span>đã bật</span> : <span className="bad">chưa</span>}</td>
                  <td className="quiet" data-title="Hoạt động gần nhất">
                    {member.last_seen_at === null ? <span>chưa đăng nhập</span> : <Ago at={member.last_seen_at} />}
                  </td>
                  <td>
                    <Button size="xs" variant="default" onClick={() => setEdited(member)} aria-label={`Sửa ${member.name}`}>
                      Sửa
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {edited !== null && <AccountDialog member={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function AccountDialog({ member, onClose }: { member: StaffMember | null; onClose: () => void }) {
  const me = useMe();
  const units = useUnitOptions();
  const [user_name, setUserName] = useState(member?.user_name ?? '');
  const [fields, setFields] = useState<StaffFields>(member ?? { name: '', unit_id: null, roles: ['officer'], active: true });
  const [password, setPassword] = useState<string | null>(null);
  const change = (part: Partial<StaffFields>) => setFields((before) => ({ ...before, ...part }));
  const body = { name: fields.name.trim(), unit_id: fields.unit_id, roles: fields.roles, active: fields.active };
  const touched = [keysOf.staff, keysOf.reference] as const;
  const id = { params: { path: { id: member?.id ?? '' } } };
  const add = useChange(() => ask(api.POST('/staff', { body: { ...body, user_name } })), ...touched);
  const save = useChange(() => ask(api.PUT('/staff/{id}', { ...id, body: { ...body, expected_version: member?.version ?? 1 } })), ...touched);
  const reset = useChange(() => ask(api.POST('/staff/{id}/password-reset', id)), ...touched);
  const forget = useChange(() => ask(api.DELETE('/staff/{id}/totp', id)), ...touched);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (member === null) add.mutate(undefined, { onSuccess: ({ temporary_password }) => setPassword(temporary_password) });
    else
      save.mutate(undefined, {
        onSuccess: () => {
          told('Đã lưu');
          onClose();
        },
      });
  };
  const needsUnit = fields.roles.includes('officer') && fields.unit_id === null;
  if (password !== null)
    return (
      <Modal opened onClose={onClose} title="Mật khẩu tạm" closeOnClickOutside={false}>
        <div className="stack">
          <p>
            Đưa mật khẩu này tận tay <strong>{fields.name}</strong>. Mật khẩu chỉ hiện lần này và phải đổi ngay khi đăng nhập.
          </p>
          <code className="panel said">{password}</code>
          <div className="row end">
            <Button onClick={onClose}>Đã ghi lại</Button>
          </div>
        </div>
      </Modal>
    );
  return (
    <Modal opened onClose={onClose} title={member === null ? 'Thêm tài khoản' : `Tài khoản ${member.user_name}`} size="xl">
      <form className="stack" onSubmit={submit}>
        <div className="form-grid">
          {member === null && (
            <TextInput
              label="Tên đăng nhập" description="Chữ thường không dấu, số, dấu chấm" required pattern="[a-z0-9][a-z0-9._\-]{1,63}" autoComplete="off" value={user_name}
              onChange={(event) => setUserName(event.currentTarget.value.trim().toLowerCase())}
            />
          )}
          <TextInput label="Họ tên" required maxLength={100} value={fields.name} onChange={(event) => change({ name: event.currentTarget.value })} />
          <Select searchable clearable filter={findMarkless} label="Đơn vị" data={units} value={fields.unit_id} onChange={(unit_id) => change({ unit_id })} error={needsUnit && 'Cán bộ xử lý cần có đơn vị'} />
          <MultiSelect label="Vai trò" required data={Object.entries(roleNames).map(([value, label]) => ({ value, label }))} value={fields.roles} onChange={(roles) => change({ roles: roles as Role[] })} />
        </div>
        {member !== null && (
          <Checkbox
            label="Đang hoạt động" description="Khóa tài khoản là kết thúc mọi phiên đang mở" disabled={member.id === me.id} checked={fields.active}
            onChange={(event) => change({ active: event.currentTarget.checked })}
          />
        )}
        <Objection error={add.error ?? save.error ?? reset.error ?? forget.error} />
        {member !== null && (
          <>
            <div className="row">
              <Button
                variant="default" loading={reset.isPending}
                onClick={() => window.confirm(`Đặt lại mật khẩu của ${member.name}?`) && reset.mutate(undefined, { onSuccess: ({ temporary_password }) => setPassword(temporary_password) })}
              >
                Đặt lại mật khẩu
              </Button>
              <Button
                variant="default" disabled={!member.totp_enrolled} loading={forget.isPending}
                onClick={() => window.confirm(`Xóa bước xác thực thứ hai của ${member.name}? Lần đăng nhập sau phải cài lại.`) && forget.mutate(undefined, { onSuccess: () => told('Đã xóa, lần đăng nhập sau sẽ cài lại') })}
              >
                Xóa bước xác thực 2
              </Button>
            </div>
            <details>
              <summary>Các phiên đang mở</summary>
              <SessionList staffId={member.id} />
            </details>
          </>
        )}
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Thôi
          </Button>
          <Button type="submit" loading={add.isPending || save.isPending} disabled={needsUnit || fields.roles.length === 0}>
            {member === null ? 'Tạo tài khoản' : 'Lưu'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Units() {
  const { reference, unit, commune } = useNames();
  const [edited, setEdited] = useState<Unit | 'new' | null>(null);
  if (!reference) return <Loading />;
  return (
    <>
      <div className="row end">
        <Button onClick={() => setEdited('new')}>Thêm đơn vị</Button>
      </div>
      {reference.units.length === 0 ? (
        <Empty title="Chưa có đơn vị nào" />
      ) : (
        <div className="frame">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Đơn vị</th>
                <th scope="col">Cấp trên</th>
                <th scope="col">Địa bàn</th>
                <th scope="col">Cán bộ</th>
                <th scope="col">
                  <span className="hidden-text">Thao tác</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {reference.units.map((each) => (
                <tr key={each.id}>
                  <td>
                    <span className="strong">{each.name}</span> {!each.active && <span className="tag hidden">đã đóng</span>}
                  </td>
                  <td data-title="Cấp trên">
                    <span>{unit(each.parent_id) || '–'}</span>
                  </td>
                  <td data-title="Địa bàn">
                    <span>{commune(each.commune) || 'toàn tỉnh'}</span>
                  </td>
                  <td data-title="Cán bộ">
                    <span>{reference.staff.filter(({ unit_id, active }) => active && unit_id === each.id).length}</span>
                  </td>
                  <td>
                    <Button size="xs" variant="default" onClick={() => setEdited(each)} aria-label={`Sửa ${each.name}`}>
                      Sửa
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {edited !== null && <UnitDialog unit={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function UnitDialog({ unit, onClose }: { unit: Unit | null; onClose: () => void }) {
  const { reference } = useNames();
  const units = useUnitOptions().filter(({ value }) => value !== unit?.id);
  const [fields, setFields] = useState<UnitFields>(unit ?? { name: '', parent_id: null, commune: null, active: true });
  const change = (part: Partial<UnitFields>) => setFields((before) => ({ ...before, ...part }));
  const body = { name: fields.name.trim(), parent_id: fields.parent_id, commune: fields.commune, active: fields.active };
  const id = { params: { path: { id: unit?.id ?? '' } } };
  const save = useChange(
    () => (unit === null ? ask(api.POST('/units', { body })) : ask(api.PUT('/units/{id}', { ...id, body: { ...body, expected_version: unit.version } }))),
    keysOf.reference,
  );
  const remove = useChange(() => ask(api.DELETE('/units/{id}', id)), keysOf.reference);
  return (
    <Modal opened onClose={onClose} title={unit === null ? 'Thêm đơn vị' : 'Sửa đơn vị'}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined, {
            onSuccess: () => {
              told('Đã lưu');
              onClose();
            },
          });
        }}
      >
        <TextInput label="Tên đơn vị" required maxLength={150} data-autofocus value={fields.name} onChange={(event) => change({ name: event.currentTarget.value })} />
        <Select searchable clearable filter={findMarkless} label="Cấp trên (nhận nhắc việc khi quá hạn)" data={units} value={fields.parent_id} onChange={(parent_id) => change({ parent_id })} />
        <Select searchable clearable filter={findMarkless} label="Địa bàn" placeholder="Toàn tỉnh" data={reference?.communes.map(({ code, name }) => ({ value: code, label: name })) ?? []} value={fields.commune} onChange={(commune) => change({ commune })} />
        {unit !== null && <Checkbox label="Đang hoạt động" description="Đơn vị đã đóng không nhận việc mới" checked={fields.active} onChange={(event) => change({ active: event.currentTarget.checked })} />}
        <Objection error={save.error ?? remove.error} />
        <div className="row spread">
          {unit === null ? (
            <span />
          ) : (
            <Button
              variant="subtle" color="red" loading={remove.isPending}
              onClick={() => window.confirm(`Xóa đơn vị “${unit.name}”?`) && remove.mutate(undefined, { onSuccess: onClose, onError: complained })}
            >
              Xóa
            </Button>
          )}
          <div className="row">
            <Button variant="default" onClick={onClose}>
              Thôi
            </Button>
            <Button type="submit" loading={save.isPending} disabled={fields.name.trim() === ''}>
              Lưu
            </Button>
          </div>
        </div>
      </form>
    </Modal>
  );
}
