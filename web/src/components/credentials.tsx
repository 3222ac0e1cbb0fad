import { Button, PasswordInput, TextInput } from '@mantine/core';
import qrcode from 'qrcode-generator';
import { useMemo, useState, type FormEvent } from 'react';
import { api, ask } from '../api/client';
import { useChange } from '../api/queries';
import type { Session } from '../api/types';
import { countCharacters } from '../logic/text';
import { Objection } from './states';

const shortest = 12; // characters of a password

export function PasswordForm({ onDone }: { onDone: (session: Session) => void }) {
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const [again, setAgain] = useState('');
  const change = useChange(() => ask(api.PUT('/session/password', { body: { current_password: current, new_password: wanted } })));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(undefined, {
      onSuccess: (session) => {
        setCurrent('');
        setWanted('');
        setAgain('');
        onDone(session);
      },
    });
  };
  const short = wanted !== '' && countCharacters(wanted) < shortest;
  const differs = again !== '' && again !== wanted;
  const toggle = { 'aria-label': 'Hiện mật khẩu' };
  return (
    <form className="stack" onSubmit={submit}>
      <PasswordInput label="Mật khẩu hiện tại" autoComplete="current-password" required maxLength={256} value={current} onChange={(event) => setCurrent(event.currentTarget.value)} visibilityToggleButtonProps={toggle} />
      <PasswordInput
        label="Mật khẩu mới" description={`Từ ${shortest} ký tự; một câu dài dễ nhớ là tốt nhất.`} autoComplete="new-password" required maxLength={256} value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)} error={short && `Cần ít nhất ${shortest} ký tự`} visibilityToggleButtonProps={toggle}
      />
      <PasswordInput label="Nhập lại mật khẩu mới" autoComplete="new-password" required maxLength={256} value={again} onChange={(event) => setAgain(event.currentTarget.value)} error={differs && 'Hai lần nhập chưa giống nhau'} visibilityToggleButtonProps={toggle} />
      <Objection error={change.error} />
      <Button type="submit" loading={change.isPending} disabled={short || wanted !== again || wanted === ''}>
        Đổi mật khẩu
      </Button>
    </form>
  );
}

export function TotpEnrolment({ onDone }: { onDone: (session: Session) => void }) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const begin = useChange(() => ask(api.POST('/session/totp-enrolment', { body: { current_password: password } })));
  const confirm = useChange(() => ask(api.PUT('/session/totp-enrolment', { body: { totp_code: code } })));
  if (!begin.data)
    return (
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          begin.mutate(undefined, { onSuccess: () => setPassword('') });
        }}
      >
        <PasswordInput label="Mật khẩu hiện tại" autoComplete="current-password" required maxLength={256} value={password} onChange={(event) => setPassword(event.currentTarget.value)} visibilityToggleButtonProps={{ 'aria-label': 'Hiện mật khẩu' }} />
        <Objection error={begin.error} />
        <Button type="submit" loading={begin.isPending}>
          Lấy mã QR
        </Button>
      </form>
    );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate(undefined, { onSuccess: onDone, onError: () => setCode('') });
      }}
    >
      <p>Quét mã này bằng ứng dụng, hoặc nhập tay chuỗi bên dưới.</p>
      <QrCode text={begin.data.otpauth_uri} />
      <code className="said">{begin.data.secret.replace(/(.{4})/g, '$1 ').trim()}</code>
      <TextInput
        label="Mã 6 số ứng dụng đang hiện" inputMode="numeric" autoComplete="one-time-code" required pattern="[0-9]{6}" maxLength={6} value={code}
        onChange={(event) => setCode(event.currentTarget.value.replace(/\D/g, '').slice(0, 6))}
      />
      <Objection error={confirm.error} />
      <Button type="submit" loading={confirm.isPending} disabled={code.length !== 6}>
        Xác nhận
      </Button>
    </form>
  );
}

/** Drawn here, so that the secret goes nowhere. */
function QrCode({ text }: { text: string }) {
  const [size, path] = useMemo(() => {
    const code = qrcode(0, 'M');
    code.addData(text);
    code.make();
    const count = code.getModuleCount();
    let squares = '';
    for (let row = 0; row < count; row += 1)
      for (let column = 0; column < count; column += 1) if (code.isDark(row, column)) squares += `M${column + 2} ${row + 2}h1v1h-1z`;
    return [count + 4, squares];
  }, [text]);
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="Mã QR để quét bằng ứng dụng tạo mã" shapeRendering="crispEdges">
      <path d={path} fill="#000" />
    </svg>
  );
}
