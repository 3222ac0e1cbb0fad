import { Button, Modal, SegmentedControl, Select, Textarea } from '@mantine/core';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { Failure, api, ask } from '../api/client';
import { keysOf, queryClient, useChange, useMe, useNames, useTemplates } from '../api/queries';
import type { Change, Complaint, Template } from '../api/types';
import { useNow } from '../components/marks';
import { Said } from '../components/said';
import { Objection, told } from '../components/states';
import { StaleDialog } from '../components/stale';
import { loadDraft, saveDraft, type Draft } from '../logic/drafts';
import { fitting, insertTemplate, proposed, slashSearch } from '../logic/templates';
import { countCharacters } from '../logic/text';
import { leftText } from '../logic/time';
import { useHeld } from './held';

/** What the page asks of the composer: the count makes each wish a new one. */
export interface Wish {
  mode: Draft['mode'];
  transition: string | null;
  count: number;
}

interface Props {
  complaint: Complaint;
  wish: Wish | null;
  onComposing: (composing: boolean) => void;
  onSent: () => void;
  onMode: (mode: Draft['mode']) => void;
}

export function Composer({ complaint, wish, onComposing, onSent, onMode }: Props) {
  const { code, version } = complaint;
  const me = useMe();
  const names = useNames();
  const stored = useTemplates().data;
  const templates = useMemo(() => stored?.items ?? [], [stored]);
  const { hold } = useHeld();
  const now = useNow();
  const [draft, setDraft] = useState<Draft>(() => loadDraft(me.id, code) ?? { mode: 'note', text: '', transition: null, version, request_id: null });
  const [previewing, setPreviewing] = useState(false);
  const [stale, setStale] = useState<Change[] | null>(null);
  const [caret, setCaret] = useState(0);
  const [closedSearch, setClosedSearch] = useState<string | null>(null);
  const [pointed, setPointed] = useState(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const sendButton = useRef<HTMLButtonElement>(null);
  const limit = names.reference?.message_limit ?? 2000;

  const change = (part: Partial<Draft>) => {
    setDraft((before) => {
      const next = { ...before, request_id: null, ...part };
      // Saving is against the version the writing began at, so that the later of two people sees what the other did.
      if (before.text === '' && next.text !== '') next.version = version;
      saveDraft(me.id, code, next);
      return next;
    });
  };
  const { mode, text } = draft;
  const reply = mode === 'reply';
  const composing = text !== '';
  useEffect(() => onComposing(composing), [composing, onComposing]);
  useEffect(() => onMode(mode), [mode, onMode]);

  // Transitions that ask for words to the citizen and nothing else; the others have dialogs of their own.
  const transitions = complaint.transitions.flatMap(({ id }) => names.transition(id) ?? []).filter(({ needs }) => needs.length === 1 && needs[0] === 'message');
  const transition = transitions.find(({ id }) => id === draft.transition) ?? null;
  const proposal = transition && proposed(templates, complaint.category, transition.id);

  const choose = (id: string | null) => {
    const template = id === null ? null : proposed(templates, complaint.category, id);
    change({ mode: 'reply', transition: id, ...(text === '' && template ? { text: template.text } : {}) });
  };
  const seen = useRef(wish?.count ?? 0);
  useEffect(() => {
    if (wish === null || wish.count === seen.current) return;
    seen.current = wish.count;
    if (wish.transition !== null) choose(wish.transition);
    else change({ mode: wish.mode });
    field.current?.focus();
    field.current?.scrollIntoView?.({ block: 'nearest' });
  });

  // "/" at the beginning of a line looks for a template
  const search = reply ? slashSearch(text, caret) : null;
  const suggestions = useMemo(
    () => (search === null || search === closedSearch ? [] : fitting(templates, complaint.category, draft.transition, search).slice(0, 8)),
    [search, closedSearch, templates, complaint.category, draft.transition],
  );
  const insert = (template: Template) => {
    const next = insertTemplate(text, caret, template.text);
    change({ text: next.text });
    setCaret(next.caret);
    setPointed(0);
    field.current?.focus();
    requestAnimationFrame(() => field.current?.setSelectionRange(next.caret, next.caret));
  };

  const characters = countCharacters(text);
  const window = leftText(complaint.window_closes_at, now);
  const deliver = window === null && complaint.source === 'zalo' ? 'next_contact' : 'now';
  const path = { params: { path: { code } } };
  const done = () => {
    const empty: Draft = { mode: 'note', text: '', transition: null, version, request_id: null };
    saveDraft(me.id, code, empty);
    setDraft(empty);
    setPreviewing(false);
    onSent();
  };
  const requestId = () => {
    const id = draft.request_id ?? crypto.randomUUID();
    change({ request_id: id });
    return id;
  };
  const note = useChange(
    () => ask(api.POST('/complaints/{code}/notes', { ...path, body: { request_id: requestId(), text } })),
    keysOf.part(code, 'notes'),
    keysOf.part(code, 'history'),
  );
  const words = { text, ...(transition ? { transition: transition.id } : {}) };
  const preview = useChange(() => ask(api.POST('/complaints/{code}/reply-previews', { ...path, body: words })));
  const send = useChange(
    (expected_version: number) => ask(api.POST('/complaints/{code}/replies', { ...path, body: { ...words, request_id: requestId(), expected_version, deliver } })),
    keysOf.case(code),
    keysOf.lists,
  );
  // So that Ctrl+Enter goes on from the preview; the button cannot take the focus before there is one.
  useEffect(() => {
    if (previewing && preview.data) sendButton.current?.focus();
  }, [previewing, preview.data]);
  const sendReply = (expected_version: number) =>
    send.mutate(expected_version, {
      onSuccess: (message) => {
        hold(code, message, complaint.undo_seconds);
        done();
      },
      onError: (failure) => {
        if (failure instanceof Failure && failure.kind === 'stale') {
          setPreviewing(false);
          setStale(failure.changes);
        }
      },
    });
  const submit = () => {
    if (text.trim() === '' || characters > limit) return;
    if (!reply)
      note.mutate(undefined, {
        onSuccess: () => {
          told('Đã lưu ghi chú');
          done();
        },
      });
    else {
      send.reset();
      setPreviewing(true);
      preview.mutate(undefined);
    }
  };
  const tooLong = (preview.data?.characters ?? 0) > limit;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    } else if (suggestions.length > 0) {
      if (event.key === 'ArrowDown') setPointed((pointed + 1) % suggestions.length);
      else if (event.key === 'ArrowUp') setPointed((pointed + suggestions.length - 1) % suggestions.length);
      else if (event.key === 'Enter' || event.key === 'Tab') insert(suggestions[Math.min(pointed, suggestions.length - 1)]!);
      else if (event.key === 'Escape') setClosedSearch(search);
      else return;
      event.preventDefault();
    } else if (event.key === 'Escape') field.current?.blur();
  };
  const others = version !== draft.version && composing;

  return (
    <section className={`composer ${mode}`} aria-label={reply ? 'Trả lời người dân' : 'Ghi chú nội bộ'}>
      <div className="stack tight">
        <div className="row spread">
          <SegmentedControl
            aria-label="Viết gì" value={mode} onChange={(value) => change({ mode: value as Draft['mode'] })}
            data={[
              { value: 'note', label: 'Ghi chú nội bộ' },
              { value: 'reply', label: 'Trả lời người dân', disabled: !complaint.may_reply },
            ]}
          />
          {reply && (
            <Select
              aria-label="Chuyển trạng thái cùng lúc" placeholder="Giữ nguyên trạng thái" clearable value={transition?.id ?? null} onChange={choose}
              data={transitions.map(({ id, title, to }) => ({ value: id, label: `${title} → ${names.state(to)}` }))}
            />
          )}
        </div>
        <p className="quiet">
          {reply ? (
            <>
              Người dân <strong>sẽ đọc</strong> nội dung này. Gõ / để chọn mẫu câu.{' '}
              {complaint.source === 'zalo' && (window === null ? <span className="bad">Cửa sổ Zalo đã đóng: tin được giữ và gửi khi người dân nhắn lại.</span> : `Cửa sổ Zalo ${window}.`)}
            </>
          ) : (
            'Chỉ cán bộ đọc được, người dân không thấy.'
          )}
        </p>
        {others && (
          <p className="quiet bad" role="status">
            Phản ánh này vừa được thay đổi trong lúc anh/chị viết. Khi gửi, hệ thống sẽ cho xem thay đổi trước.
          </p>
        )}
        <Textarea
          ref={field} aria-label={reply ? 'Nội dung trả lời người dân' : 'Nội dung ghi chú nội bộ'} autosize minRows={3} maxRows={14} value={text}
          placeholder={reply ? 'Kính gửi anh/chị…' : 'Ghi chú cho đồng nghiệp…'}
          onChange={(event) => {
            setCaret(event.currentTarget.selectionStart);
            setPointed(0);
            setClosedSearch(null);
            change({ text: event.currentTarget.value });
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)} onKeyDown={onKeyDown}
          aria-controls={suggestions.length > 0 ? 'suggestions' : undefined}
          aria-activedescendant={suggestions.length > 0 ? `suggestion-${pointed}` : undefined}
        />
        {suggestions.length > 0 && (
          <ul className="suggestions" id="suggestions" role="listbox" aria-label="Mẫu câu">
            {suggestions.map((template, index) => (
              // the keys are those of the field
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events
              <li
                key={template.id} id={`suggestion-${index}`} role="option" aria-selected={index === pointed} tabIndex={-1}
                onMouseDown={(event) => event.preventDefault()} onClick={() => insert(template)}
              >
                <div className="strong">{template.title}</div>
                <div className="quiet one-line">{template.text}</div>
              </li>
            ))}
          </ul>
        )}
        <Objection error={note.error} />
        <div className="row spread">
          <span className={`quiet ${characters > limit ? 'bad' : ''}`} aria-live={characters > limit ? 'polite' : 'off'}>
            {characters.toLocaleString('vi-VN')}/{limit.toLocaleString('vi-VN')}
            {composing && ' · đã giữ bản nháp'}
          </span>
          <div className="row">
            {proposal && text !== proposal.text && (
              <Button variant="default" onClick={() => change({ text: text === '' ? proposal.text : `${text}\n${proposal.text}` })}>
                Dùng mẫu “{proposal.title}”
              </Button>
            )}
            <Button loading={note.isPending} disabled={text.trim() === '' || characters > limit} onClick={submit} title="Ctrl+Enter">
              {!reply ? 'Lưu ghi chú' : 'Xem trước…'}
            </Button>
          </div>
        </div>
      </div>
      <Modal
        opened={previewing} onClose={() => setPreviewing(false)} title="Người dân sẽ đọc"
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && preview.data && !tooLong && !send.isPending) {
            event.preventDefault();
            sendReply(draft.version);
          }
        }}
      >
        <div className="stack">
          {preview.data ? (
            <>
              <div className="bubble staff said">
                <Said text={preview.data.text} />
              </div>
              <p className={`quiet ${tooLong ? 'bad' : ''}`}>
                {preview.data.characters.toLocaleString('vi-VN')}/{limit.toLocaleString('vi-VN')} ký tự
                {transition && ` · trạng thái chuyển sang “${names.state(transition.to)}”`}
                {deliver === 'next_contact' && ' · gửi khi người dân nhắn lại'}
              </p>
            </>
          ) : preview.isPending ? (
            <p className="quiet">Đang dựng bản xem trước…</p>
          ) : null}
          <Objection error={preview.error ?? send.error} />
          <div className="row end">
            <Button variant="default" onClick={() => setPreviewing(false)}>
              Sửa tiếp
            </Button>
            {preview.isError ? (
              <Button onClick={submit}>Thử lại</Button>
            ) : (
              <Button ref={sendButton} disabled={!preview.data || tooLong} loading={send.isPending} onClick={() => sendReply(draft.version)}>
                {deliver === 'next_contact' ? 'Gửi khi người dân nhắn lại' : 'Gửi'}
              </Button>
            )}
          </div>
        </div>
      </Modal>
      <StaleDialog
        changes={stale} onClose={() => setStale(null)}
        onAgain={() => {
          setStale(null);
          const present = queryClient.getQueryData<Complaint>(keysOf.part(code, 'complaint'))?.version ?? version;
          change({ version: present });
          setPreviewing(true);
          sendReply(present);
        }}
      />
    </section>
  );
}
