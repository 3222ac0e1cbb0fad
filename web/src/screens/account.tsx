import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { takeSession, useMe, useNames } from '../api/queries';
import { PasswordForm, TotpEnrolment } from '../components/credentials';
import { SessionList } from '../components/sessions';
import { told } from '../components/states';
import { roleNames } from './staff';

export default function AccountPage() {
  const me = useMe();
  const names = useNames();
  const [enrolling, setEnrolling] = useState(false);
  useEffect(() => {
    document.title = 'Tài khoản · Một Cửa';
  }, []);
  return (
    <div className="stack">
      <h1>Tài khoản của tôi</h1>
      <section className="card stack">
        <p>
          <strong>{me.name}</strong> ({me.user_name}) · {names.unit(me.unit_id) || 'không thuộc đơn vị nào'} · {me.roles.map((role) => roleNames[role]).join(', ')}
        </p>
      </section>
      <div className="form-grid">
        <section className="card stack">
          <h2>Đổi mật khẩu</h2>
          <PasswordForm
            onDone={(session) => {
              takeSession(session);
              told('Đã đổi mật khẩu. Các phiên khác đã kết thúc.');
            }}
          />
        </section>
        <section className="card stack">
          <h2>Bước xác thực thứ hai</h2>
          <p className="quiet">{me.totp_enrolled ? 'Đang bật. Đổi điện thoại thì cài lại ở đây.' : 'Chưa bật.'}</p>
          {enrolling ? (
            <TotpEnrolment
              onDone={(session) => {
                takeSession(session);
                setEnrolling(false);
                told('Đã bật bước xác thực thứ hai');
              }}
            />
          ) : (
            <Button variant="default" onClick={() => setEnrolling(true)}>
              {me.totp_enrolled ? 'Cài lại' : 'Bật'}
            </Button>
          )}
        </section>
      </div>
      <section className="card stack">
        <h2>Các phiên đang mở</h2>
        <SessionList staffId={null} />
      </section>
    </div>
  );
}
