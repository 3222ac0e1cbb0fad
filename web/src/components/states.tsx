import { Alert, Button, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { Failure } from '../api/client';

export function Loading({ lines = 6 }: { lines?: number }) {
  return (
    <div className="card stack" role="status" aria-label="Đang tải">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={18} width={`${95 - ((index * 17) % 40)}%`} />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="card stack state">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  const failure = error instanceof Failure ? error : null;
  return (
    <div className="card stack state" role="alert">
      <h2>{failure?.message ?? 'Trang gặp lỗi'}</h2>
      <p className="quiet">{failure?.detail ?? 'Anh/chị thử lại; nếu vẫn lỗi, báo người quản trị.'}</p>
      {again && <Button onClick={again}>Thử lại</Button>}
    </div>
  );
}

/** What went wrong with a form, above its buttons. */
export function Objection({ error }: { error: unknown }) {
  if (!error) return null;
  const failure = error instanceof Failure ? error : null;
  return (
    <Alert color="red" role="alert" title={failure?.message ?? 'Chưa làm được'}>
      {failure?.detail}
    </Alert>
  );
}

export function told(message: string): void {
  notifications.show({ message, withCloseButton: true, closeButtonProps: { 'aria-label': 'Đóng' } });
}
export function complained(error: unknown): void {
  const failure = error instanceof Failure ? error : null;
  notifications.show({
    color: 'red',
    title: failure?.message ?? 'Chưa làm được',
    message: failure?.detail ?? '',
    autoClose: 8000,
    closeButtonProps: { 'aria-label': 'Đóng' },
  });
}
