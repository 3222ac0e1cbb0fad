import { Button } from '@mantine/core';
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router-dom';
import { api, ask } from '../api/client';
import { keysOf, queryClient, useMe } from '../api/queries';
import type { Complaint, Message } from '../api/types';
import { useNow } from '../components/marks';
import { complained, told } from '../components/states';
import { loadDraft, saveDraft } from '../logic/drafts';
import { undoLeft } from '../logic/time';

interface Held {
  /** A reply was sent off and can still be taken back, from any page. */
  hold: (code: string, message: Message, undoSeconds: number) => void;
  takeBack: (code: string, messageId: string) => Promise<void>;
  /** Grows when a text has come back to the composers. */
  returned: number;
}
const HeldContext = createContext<Held | null>(null);
export function useHeld(): Held {
  const held = useContext(HeldContext);
  if (held === null) throw new Error('useHeld outside of HeldReplies');
  return held;
}

export function HeldReplies({ children }: { children: ReactNode }) {
  const me = useMe();
  const navigate = useNavigate();
  const [last, setLast] = useState<{ code: string; message: Message; undoSeconds: number } | null>(null);
  const [returned, setReturned] = useState(0);
  const hold = useCallback((code: string, message: Message, undoSeconds: number) => setLast({ code, message, undoSeconds }), []);
  const takeBack = useCallback(
    async (code: string, message_id: string) => {
      try {
        const draft = await ask(api.DELETE('/complaints/{code}/replies/{message_id}', { params: { path: { code, message_id } } }));
        const begun = loadDraft(me.id, code);
        saveDraft(me.id, code, {
          mode: 'reply',
          text: begun?.text ? `${draft.text}\n\n${begun.text}` : draft.text,
          transition: draft.transition ?? null,
          version: queryClient.getQueryData<Complaint>(keysOf.part(code, 'complaint'))?.version ?? 1,
          request_id: null,
        });
        setReturned((before) => before + 1);
        setLast(null);
        told('Đã hoàn tác, nội dung trở lại ô soạn thảo');
        navigate(`/complaints/${code}`);
      } catch (error) {
        complained(error);
      } finally {
        void queryClient.invalidateQueries({ queryKey: keysOf.case(code) });
      }
    },
    [me.id, navigate],
  );
  const held = useMemo(() => ({ hold, takeBack, returned }), [hold, takeBack, returned]);
  return (
    <HeldContext value={held}>
      {children}
      {last && <UndoBar key={last.message.id} {...last} onUndo={() => takeBack(last.code, last.message.id)} />}
    </HeldContext>
  );
}

function UndoBar({ code, message, undoSeconds, onUndo }: { code: string; message: Message; undoSeconds: number; onUndo: () => Promise<void> }) {
  const now = useNow(500);
  const [busy, setBusy] = useState(false);
  const left = undoLeft(message.undo_until, now, undoSeconds);
  if (left === 0) return null;
  return (
    <div className="undo row" role="status">
      <span>
        Trả lời {code} sẽ được gửi sau <span aria-live="off">{left} giây</span>
      </span>
      <Button
        variant="white" color="dark" loading={busy}
        onClick={() => {
          setBusy(true);
          void onUndo().finally(() => setBusy(false));
        }}
      >
        Hoàn tác
      </Button>
    </div>
  );
}
