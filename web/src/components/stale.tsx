import { Button, Modal } from '@mantine/core';
import { useNames } from '../api/queries';
import type { Change } from '../api/types';
import { instantText } from '../logic/time';
import { Difference, Said } from './said';

/** Long texts word by word, names as a whole. */
function Changed({ before, after }: { before: string; after: string }) {
  if (before.length + after.length > 200 || before.includes('\n') || after.includes('\n')) return <Difference before={before} after={after} />;
  return (
    <div className="said difference">
      <del>
        <Said text={before === '' ? '(trống)' : before} />
      </del>{' '}
      →{' '}
      <ins>
        <Said text={after === '' ? '(trống)' : after} />
      </ins>
    </div>
  );
}

/** Somebody was quicker: shows what changed; nothing has been overwritten. */
export function StaleDialog({ changes, onClose, onAgain }: { changes: Change[] | null; onClose: () => void; onAgain?: () => void }) {
  const names = useNames();
  return (
    <Modal opened={changes !== null} onClose={onClose} title="Có người vừa thay đổi trước">
      <div className="stack">
        <p>Thay đổi của anh/chị chưa được lưu, không có gì bị ghi đè. Nội dung vừa đổi:</p>
        {changes?.map((change, index) => (
          <div key={index} className="panel stack tight">
            <div className="row spread">
              <span className="strong">{change.title}</span>
              <span className="quiet">
                {change.staff_id === null ? 'người dân hoặc hệ thống' : names.staff(change.staff_id)} · {instantText(change.at)}
              </span>
            </div>
            <Changed before={change.old ?? ''} after={change.new ?? ''} />
          </div>
        ))}
        {changes?.length === 0 && <p className="quiet">Máy chủ không nêu chi tiết; anh/chị xem lại trang.</p>}
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Quay lại xem
          </Button>
          {onAgain && <Button onClick={onAgain}>Vẫn thực hiện trên bản mới</Button>}
        </div>
      </div>
    </Modal>
  );
}
