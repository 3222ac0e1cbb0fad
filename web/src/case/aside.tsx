import { Button } from '@mantine/core';
import { Link } from 'react-router-dom';
import { useMe, useNames } from '../api/queries';
import type { Complaint } from '../api/types';
import { Due, StateTag, sourceNames } from '../components/marks';
import { Said } from '../components/said';
import type { Transition } from '../components/transition_fields';
import { dateText, instantText } from '../logic/time';
import type { Contact } from './dialogs';

interface Props {
  complaint: Complaint;
  contact: Contact | null;
  taking: boolean;
  onTransition: (transition: Transition) => void;
  onAssign: () => void;
  onTake: () => void;
  onEdit: () => void;
  onReveal: () => void;
  onDuplicates: () => void;
}

const about = { conduct: 'Hành vi của cơ quan, cán bộ', rule: 'Quy định, thủ tục', both: 'Hành vi và quy định' };

export function Aside({ complaint, contact, taking, onTransition, onAssign, onTake, onEdit, onReveal, onDuplicates }: Props) {
  const me = useMe();
  const names = useNames();
  const { sender } = complaint;
  const archive = (format: string) => `/api/v1/complaints/${complaint.code}/archive?format=${format}`;
  return (
    <aside id="work" className="stack" aria-label="Thông tin phản ánh">
      <section className="card stack">
        <h2>Xử lý</h2>
        <div className="stack tight">
          {complaint.transitions.length === 0 && <p className="quiet">Không có bước nào anh/chị làm được lúc này.</p>}
          {complaint.transitions.map(({ id, late }) => {
            const transition = names.transition(id);
            return (
              transition && (
                <Button key={id} variant={transition.to === 'answered' ? 'filled' : 'default'} onClick={() => onTransition(transition)} fullWidth>
                  {transition.title}
                  {late && ' (trễ hạn)'}
                </Button>
              )
            );
          })}
        </div>
        <dl className="facts">
          <dt>Trạng thái</dt>
          <dd>
            <StateTag state={complaint.state} />
            {complaint.refusal !== null && <div className="quiet">{names.refusal(complaint.refusal)}</div>}
            {complaint.duplicate_of !== null && (
              <div>
                <Link to={`/complaints/${complaint.duplicate_of}`}>{complaint.duplicate_of}</Link>
              </div>
            )}
          </dd>
          <dt>Hạn trả lời</dt>
          <dd>
            <Due {...complaint} />
            {complaint.due_on !== null && <span className="quiet"> · {dateText(complaint.due_on)}</span>}
            {complaint.due_history.length > 1 && (
              <details>
                <summary className="quiet">Hạn đã đổi {complaint.due_history.length - 1} lần</summary>
                {complaint.due_history.map((each) => (
                  <div key={`${each.at} ${each.due_on}`} className="quiet">
                    {each.due_on === null ? 'dừng đồng hồ' : dateText(each.due_on)}: {each.why} ({instantText(each.at)})
                  </div>
                ))}
              </details>
            )}
          </dd>
          <dt>Phụ trách</dt>
          <dd>
            <div>{names.unit(complaint.unit_id) || '— chưa có đơn vị'}</div>
            <div>{complaint.officer_id === me.id ? 'Tôi' : names.staff(complaint.officer_id) || '— chưa phân công'}</div>
            {complaint.agency !== null && <div>Đã chuyển: {complaint.agency}</div>}
          </dd>
        </dl>
        <div className="row">
          {complaint.officer_id !== me.id && (
            <Button size="xs" variant="default" loading={taking} onClick={onTake} title="Phím i">
              Nhận việc
            </Button>
          )}
          <Button size="xs" variant="default" onClick={onAssign} title="Phím a">
            Phân công
          </Button>
        </div>
      </section>

      <section className="card stack">
        <h2>Người gửi</h2>
        {sender.erased ? (
          <p className="quiet">Thông tin đã được xóa theo yêu cầu.</p>
        ) : (
          <>
            {sender.anonymous && <p className="quiet">Ẩn danh</p>}
            {!sender.anonymous && (
              <dl className="facts">
                <dt>Họ tên</dt>
                <dd>
                  <Said text={(contact ?? sender).name ?? '–'} />
                </dd>
                <dt>Điện thoại</dt>
                <dd>{(contact ?? sender).phone ?? '–'}</dd>
                <dt>Địa chỉ</dt>
                <dd>
                  <Said text={(contact ?? sender).address ?? '–'} />
                </dd>
              </dl>
            )}
            {contact === null && (sender.name ?? sender.phone ?? sender.address) !== null && (
              <Button size="xs" variant="default" onClick={onReveal}>
                Hiện SĐT, địa chỉ…
              </Button>
            )}
            {sender.consented_at !== null && (
              <p className="quiet">
                Đồng ý cung cấp lúc {instantText(sender.consented_at)} (bản {sender.notice_version})
              </p>
            )}
          </>
        )}
        {complaint.others_of_sender_total > 0 && (
          <div className="stack tight">
            <span className="strong">Phản ánh khác của người này ({complaint.others_of_sender_total})</span>
            {complaint.others_of_sender.map((other) => (
              <div key={other.code}>
                <Link to={`/complaints/${other.code}`}>{other.code}</Link> <StateTag state={other.state} />
                <div className="quiet one-line">
                  <Said text={other.excerpt} />
                </div>
              </div>
            ))}
          </div>
        )}
      </section>

      <section className="card stack">
        <h2>Phân loại</h2>
        <dl className="facts">
          <dt>Lĩnh vực</dt>
          <dd>{names.category(complaint.category)}</dd>
          <dt>Loại</dt>
          <dd>{about[complaint.about]}</dd>
          <dt>Nhãn</dt>
          <dd className="row">
            {complaint.labels.length === 0 && '–'}
            {complaint.labels.map((label) => (
              <span key={label} className="tag label">
                <Said text={label} />
              </span>
            ))}
          </dd>
          <dt>Nguồn</dt>
          <dd>
            {sourceNames[complaint.source]}
            {complaint.activity !== null && ` · ${names.activity(complaint.activity)}`}
            {complaint.test && ' · phản ánh thử'}
          </dd>
          <dt>Nhận lúc</dt>
          <dd>{instantText(complaint.received_at)}</dd>
          <dt>Mã quốc gia</dt>
          <dd>{complaint.national_code ?? '–'}</dd>
          <dt>Mở lại</dt>
          <dd>{complaint.reopened_count === 0 ? 'chưa' : `${complaint.reopened_count} lần`}</dd>
          <dt>Đánh giá</dt>
          <dd>{complaint.rating === null ? 'chưa' : `${complaint.rating}/5 ★`}</dd>
        </dl>
        <div className="row">
          <Button size="xs" variant="default" onClick={onEdit}>
            Sửa…
          </Button>
          <Button size="xs" variant="default" onClick={onDuplicates} title="Phím d">
            Có thể trùng ({complaint.duplicate_count})
          </Button>
        </div>
        <p className="quiet">
          Lưu trữ cả hồ sơ:{' '}
          <a href={archive('html')} download>
            HTML
          </a>{' '}
          ·{' '}
          <a href={archive('json')} download>
            JSON
          </a>
        </p>
      </section>
    </aside>
  );
}
