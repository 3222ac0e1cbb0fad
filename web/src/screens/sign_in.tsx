import { Button, PasswordInput, TextInput } from '@mantine/core';
import { Suspense, lazy, useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { api, ask } from '../api/client';
import { takeSession, useChange } from '../api/queries';
import type { Session } from '../api/types';
import { Icon } from '../components/icon';
import { Loading, Objection } from '../components/states';

const PasswordForm = lazy(() => import('../components/credentials').then(({ PasswordForm }) => ({ default: PasswordForm })));
const TotpEnrolment = lazy(() => import('../components/credentials').then(({ TotpEnrolment }) => ({ default: TotpEnrolment })));

/** Every stage before the desk: password, code, and what the account still owes. */
export function SignIn({ session }: { session: Session }) {
  const leave = useChange(async () => {
    await ask(api.DELETE('/session'));
    takeSession(await ask(api.GET('/session')));
  });
  return (
    <main className="sign-in">
      <div className="card stack">
        <div className="brand">
          <Icon name="gate" /> Một Cửa · Bàn làm việc
        </div>
        {session.stage === 'totp' ? (
          <TotpStep />
        ) : session.stage === 'password_change' ? (
          <Step title="Đặt mật khẩu mới" text="Mật khẩu được cấp chỉ dùng một lần. Anh/chị đặt mật khẩu của mình.">
            <PasswordForm onDone={takeSession} />
          </Step>
        ) : session.stage === 'totp_enrolment' ? (
          <Step title="Thêm bước xác thực thứ hai" text="Anh/chị cần ứng dụng tạo mã trên điện thoại (Google Authenticator, Microsoft Authenticator…).">
            <TotpEnrolment onDone={takeSession} />
          </Step>
        ) : (
          <PasswordStep />
        )}
        {session.stage !== 'signed_out' && session.stage !== 'active' && (
          <button type="button" className="plain" onClick={() => leave.mutate(undefined)}>
            Đăng nhập tài khoản khác
          </button>
        )}
      </div>
    </main>
  );
}

function Step({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <>
      <h1>{title}</h1>
      <p className="quiet">{text}</p>
      <Suspense fallback={<Loading lines={3} />}>{children}</Suspense>
    </>
  );
}

function PasswordStep() {
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const signIn = useChange(() => ask(api.POST('/session', { body: { user_name: userName.trim(), password } })));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate(undefined, { onSuccess: takeSession });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <h1>Đăng nhập</h1>
      <TextInput ref={first} label="Tên đăng nhập" autoComplete="username" required maxLength={64} value={userName} onChange={(event) => setUserName(event.currentTarget.value)} />
      <PasswordInput
        label="Mật khẩu" autoComplete="current-password" required maxLength={256} value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': 'Hiện mật khẩu' }}
      />
      <Objection error={signIn.error} />
      <Button type="submit" loading={signIn.isPending}>
        Đăng nhập
      </Button>
      <p className="quiet">Quên mật khẩu? Anh/chị nhờ người quản trị đặt lại.</p>
    </form>
  );
}

function TotpStep() {
  const [code, setCode] = useState('');
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const give = useChange(() => ask(api.POST('/session/totp', { body: { totp_code: code } })));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    give.mutate(undefined, { onSuccess: takeSession, onError: () => setCode('') });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <h1>Mã xác thực</h1>
      <p className="quiet">Mở ứng dụng tạo mã trên điện thoại và nhập mã 6 số đang hiện.</p>
      <TextInput
        ref={first} label="Mã 6 số" inputMode="numeric" autoComplete="one-time-code" required pattern="[0-9]{6}" maxLength={6} value={code}
        onChange={(event) => setCode(event.currentTarget.value.replace(/\D/g, '').slice(0, 6))}
      />
      <Objection error={give.error} />
      <Button type="submit" loading={give.isPending} disabled={code.length !== 6}>
        Tiếp tục
      </Button>
    </form>
  );
}
