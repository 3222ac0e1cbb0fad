import { Button } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useParams } from 'react-router-dom';
import { useComplaint, useModerations, useNames } from '../api/queries';
import type { Complaint, Message } from '../api/types';
import { Aside } from '../case/aside';
import { Composer, type Wish } from '../case/composer';
import { AssignDialog, DuplicatesDialog, EditDialog, ModerationDialog, RevealDialog, TransitionDialog, useTakeCase, type Contact } from '../case/dialogs';
import { Files } from '../case/files';
import { useHeld } from '../case/held';
import { useNeighbours } from '../case/neighbours';
import { usePresence } from '../case/presence';
import { History, Notes, Talk } from '../case/talk';
import { Icon } from '../components/icon';
import { useKeys } from '../components/keyboard';
import { Due, Light, StateTag } from '../components/marks';
import { Difference, Said } from '../components/said';
import { Failed, Loading, complained, told } from '../components/states';
import type { Transition } from '../components/transition_fields';
import { instantText } from '../logic/time';

export function CasePage() {
  const { code = '' } = useParams();
  const complaint = useComplaint(code);
  useEffect(() => {
    document.title = `${code} · Một Cửa`;
  }, [code]);
  if (complaint.isPending) return <Loading lines={10} />;
  if (!complaint.data) return <Failed error={complaint.error} again={() => void complaint.refetch()} />;
  return <Case key={code} complaint={complaint.data} />;
}

type Dialog =
  | { kind: 'assign' | 'edit' | 'reveal' | 'duplicates' }
  | { kind: 'transition'; transition: Transition; duplicateOf?: string }
  | { kind: 'moderation'; message: Message | null };
type TabName = 'talk' | 'notes' | 'history';
const tabTitles: Record<TabName, string> = { talk: 'Trao đổi', notes: 'Ghi chú nội bộ', history: 'Nhật ký' };

function Case({ complaint }: { complaint: Complaint }) {
  const { code } = complaint;
  const names = useNames();
  const neighbours = useNeighbours(code);
  const { returned } = useHeld();
  const [tab, setTab] = useState<TabName>('talk');
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [wish, setWish] = useState<Wish | null>(null);
  const [composing, setComposing] = useState(false);
  const [goOn, setGoOn] = useState(false); // to the next case, once sent
  const [contact, setContact] = useState<Contact | null>(null); // gone with the page
  const others = usePresence(code, composing);
  const take = useTakeCase(complaint);

  const want = (mode: Wish['mode'], transition: string | null = null) => {
    setTab(mode === 'note' ? 'notes' : 'talk');
    setWish((before) => ({ mode, transition, count: (before?.count ?? 0) + 1 }));
  };
  const legal = complaint.transitions.flatMap(({ id }) => names.transition(id) ?? []);
  const begin = (transition: Transition) => {
    if (transition.needs.length === 1 && transition.needs[0] === 'message' && complaint.may_reply) want('reply', transition.id);
    else setDialog({ kind: 'transition', transition });
  };
  const answer = (next: boolean) => {
    const transition = legal.find(({ to }) => to === 'answered');
    if (!transition) return told('Ở trạng thái này chưa trả lời được');
    setGoOn(next);
    begin(transition);
  };
  const close = () => setDialog(null);
  useKeys(['case'], {
    back: neighbours.back,
    reply: () => {
      setGoOn(false);
      want('reply');
    },
    note: () => {
      setGoOn(false);
      want('note');
    },
    assign: () => setDialog({ kind: 'assign' }),
    take: () => take.run(),
    answered: () => answer(false),
    answered_next: () => answer(true),
    duplicates: () => setDialog({ kind: 'duplicates' }),
    case_before: () => void neighbours.go(-1),
    case_after: () => void neighbours.go(1),
  });
  const onMode = useCallback((mode: Wish['mode']) => setTab((before) => (before === 'history' ? before : mode === 'note' && before === 'notes' ? 'notes' : mode === 'reply' ? 'talk' : before)), []);
  useEffect(() => {
    if (take.error) complained(take.error);
  }, [take.error]);

  return (
    <div className="stack">
      <div className="row spread">
        <div className="row">
          <Button variant="default" size="xs" onClick={neighbours.back} title="Phím u">
            ← Danh sách
          </Button>
          <Light signal={complaint.signal} />
          <h1>{code}</h1>
          <button
            type="button" className="plain" aria-label="Chép mã" title="Chép mã"
            onClick={() => void navigator.clipboard.writeText(code).then(() => told(`Đã chép ${code}`))}
          >
            <Icon name="copy" />
          </button>
          <StateTag state={complaint.state} />
          {complaint.due_on !== null && <Due {...complaint} />}
          <a className="only-narrow" href="#work">
            Xử lý ↓
          </a>
        </div>
        <div className="row">
          <Button variant="default" size="xs" disabled={!neighbours.hasBefore} onClick={() => void neighbours.go(-1)} title="Phím [">
            ← Trước
          </Button>
          <Button variant="default" size="xs" disabled={!neighbours.hasAfter} onClick={() => void neighbours.go(1)} title="Phím ]">
            Sau →
          </Button>
        </div>
      </div>
      {others.length > 0 && (
        <div className="strip" role="status">
          {others.map(({ staff_id, composing: writing }) => `${names.staff(staff_id)} ${writing ? 'đang viết' : 'đang xem'}`).join(' · ')}
        </div>
      )}
      <div className="case">
        <div className="stack">
          <Content complaint={complaint} onModerate={() => setDialog({ kind: 'moderation', message: null })} />
          <section className="card stack">
            <div className="tabs" role="tablist" aria-label="Phần của hồ sơ">
              {(Object.keys(tabTitles) as TabName[]).map((each) => (
                <button key={each} type="button" role="tab" aria-selected={tab === each} onClick={() => setTab(each)}>
                  {tabTitles[each]}
                </button>
              ))}
            </div>
            {tab === 'talk' ? <Talk complaint={complaint} onModerate={(message) => setDialog({ kind: 'moderation', message })} /> : tab === 'notes' ? <Notes code={code} /> : <History code={code} />}
            <Composer
              key={returned} complaint={complaint} wish={wish} onComposing={setComposing} onMode={onMode}
              onSent={() => {
                if (goOn) void neighbours.go(1);
                setGoOn(false);
              }}
            />
          </section>
        </div>
        <Aside
          complaint={complaint} contact={contact} taking={take.pending} onTransition={begin} onTake={() => take.run()} onAssign={() => setDialog({ kind: 'assign' })}
          onEdit={() => setDialog({ kind: 'edit' })} onReveal={() => setDialog({ kind: 'reveal' })} onDuplicates={() => setDialog({ kind: 'duplicates' })}
        />
      </div>
      {take.dialog}
      {dialog?.kind === 'assign' && <AssignDialog complaint={complaint} onClose={close} />}
      {dialog?.kind === 'edit' && <EditDialog complaint={complaint} onClose={close} />}
      {dialog?.kind === 'reveal' && <RevealDialog complaint={complaint} onClose={close} onRevealed={setContact} />}
      {dialog?.kind === 'moderation' && <ModerationDialog complaint={complaint} message={dialog.message} onClose={close} />}
      {dialog?.kind === 'transition' && (
        <TransitionDialog complaint={complaint} transition={dialog.transition} initial={dialog.duplicateOf ? { duplicate_of: dialog.duplicateOf } : undefined} onClose={close} />
      )}
      {dialog?.kind === 'duplicates' && (
        <DuplicatesDialog
          complaint={complaint} onClose={close}
          onMerge={(duplicateOf) => {
            const transition = legal.find(({ needs }) => needs.includes('duplicate_of'));
            if (transition) setDialog({ kind: 'transition', transition, duplicateOf });
          }}
        />
      )}
    </div>
  );
}

/** What the citizen reported: the words, the files, the place. */
function Content({ complaint, onModerate }: { complaint: Complaint; onModerate: () => void }) {
  const names = useNames();
  const { place } = complaint;
  const [opened, setOpened] = useState(false);
  const moderations = useModerations(complaint.code, opened);
  return (
    <section className="card stack" aria-label="Nội dung phản ánh">
      <div className="said">
        <Said text={complaint.content} />
      </div>
      <Files items={complaint.attachments} />
      {place && (
        <p className="row">
          <Icon name="place" title="Địa điểm" />
          <span>
            {[names.commune(place.commune), place.text].filter(Boolean).map((part, index) => (
              <span key={index}>
                {index > 0 && ' · '}
                <Said text={part ?? ''} />
              </span>
            ))}
            {place.latitude !== null && place.longitude !== null && ` (${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)})`}
          </span>
        </p>
      )}
      {complaint.public_content !== null && (
        <details>
          <summary className="quiet">Bản công khai khác bản gốc</summary>
          <Difference before={complaint.content} after={complaint.public_content} />
        </details>
      )}
      {complaint.moderated_count > 0 && (
        <details onToggle={(event) => setOpened(event.currentTarget.open)}>
          <summary className="quiet">Các lần biên tập ({complaint.moderated_count})</summary>
          {moderations.data?.items.map((each) => (
            <div key={each.id} className="panel stack tight">
              <span className="quiet">
                {names.staff(each.staff_id)} · {instantText(each.at)} · {each.reason}
              </span>
              <Difference before={each.original} after={each.text} />
            </div>
          ))}
          {moderations.isError && <Failed error={moderations.error} again={() => void moderations.refetch()} />}
        </details>
      )}
      <div className="row">
        <button type="button" className="plain" onClick={onModerate}>
          Biên tập bản công khai
        </button>
      </div>
    </section>
  );
}
