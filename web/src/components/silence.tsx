import { Button, Modal, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api, ask } from '../api/client';
import { has, keysOf, useChange, useMe, useNames } from '../api/queries';
import { instantText } from '../logic/time';
import { Objection, told } from './states';

export const useSilence = () =>
  useQuery({ queryKey: keysOf.silence, queryFn: () => ask(api.GET('/silence')), refetchInterval: 20_000 });

/** On every screen while the machine answers nobody. */
export function SilenceBanner() {
  const names = useNames();
  const me = useMe();
  const silence = useSilence().data?.silence;
  const [asked, setAsked] = useState(false);
  if (!silence) return null;
  return (
    <div className="strip alarm" role="alert">
      <span>
        <b>Trả lời tự động đang tắt</b> từ {instantText(silence.since)}, {names.staff(silence.staff_id)}: {silence.reason}
      </span>
      {has(me, 'coordinator', 'admin') && (
        <Button size="compact-sm" variant="white" onClick={() => setAsked(true)}>
          Bật lại…
        </Button>
      )}
      {asked && <SilenceDialog silenced={false} onClose={() => setAsked(false)} />}
    </div>
  );
}

export function SilenceDialog({ silenced, onClose }: { silenced: boolean; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const change = useChange(() => ask(api.PUT('/silence', { body: { silenced, reason: reason.trim() } })), keysOf.silence, keysOf.operations);
  const title = silenced ? 'Tắt trả lời tự động' : 'Bật lại trả lời tự động';
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        className="stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          change.mutate(undefined, {
            onSuccess: () => {
              told(silenced ? 'Đã tắt trả lời tự động' : 'Đã bật lại trả lời tự động');
              onClose();
            },
          });
        }}
      >
        {silenced ? (
          <ul className="plain-list">
            <li>Máy không trả lời ai nữa, kể cả nhận phản ánh và tra hồ sơ; câu trả lời chưa gửi bị bỏ.</li>
            <li>Mỗi người nhắn tới nhận một thông báo, có số 1022 và nơi gặp cán bộ.</li>
            <li>Tin nhắn vẫn được lưu và đếm; cán bộ vẫn trả lời phản ánh được.</li>
            <li>Khởi động lại máy chủ không bật lại. Việc này được ghi vào nhật ký.</li>
          </ul>
        ) : (
          <p>Máy trả lời lại ngay với tin nhắn tới từ bây giờ; tin nhắn trong lúc tắt không được trả lời bù.</p>
        )}
        <Textarea
          label="Lý do" required minLength={5} maxLength={300} autosize minRows={2} data-autofocus value={reason} description="Bắt buộc, hiện cho mọi cán bộ và ghi vào nhật ký"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Objection error={change.error} />
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Thôi
          </Button>
          <Button type="submit" color={silenced ? 'red' : 'blue'} loading={change.isPending} disabled={reason.trim().length < 5}>
            {title}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
