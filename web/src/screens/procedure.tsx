import { Button, Modal, Select, TextInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { Link, useParams } from 'react-router-dom';
import { Failure, api, ask } from '../api/client';
import { keysOf, useChange, useNames } from '../api/queries';
import type { Change, Overlay, Procedure, ProcedureEdit } from '../api/types';
import { Ago } from '../components/marks';
import { Difference } from '../components/said';
import { StaleDialog } from '../components/stale';
import { Failed, Loading, Objection, told } from '../components/states';
import { emptyOverlay, linesOf, onlineNames, overlayChanges, overlayTitles, yesNo } from '../logic/overlay';
import { dateText } from '../logic/time';
import { DateMark, levelNames } from './procedures';

const optionsOf = (names: Record<string, string>) => Object.entries(names).map(([value, label]) => ({ value, label }));
const keyOf = (code: string) => [...keysOf.procedures, 'one', code];

export default function ProcedurePage() {
  const { code = '' } = useParams();
  const found = useQuery({
    queryKey: keyOf(code),
    queryFn: () => ask(api.GET('/procedures/{code}', { params: { path: { code } } })),
    refetchInterval: ({ state }) => (state.data?.live === false ? 1500 : false),
  });
  const [edited, setEdited] = useState<{ overlay: Overlay; reason: string } | null>(null);
  useEffect(() => {
    document.title = `${code} · Một Cửa`;
  }, [code]);
  if (found.isPending) return <Loading lines={10} />;
  if (!found.data) return <Failed error={found.error} again={() => void found.refetch()} />;
  const one = found.data;
  return (
    <div className="stack">
      <Link to="/procedures">← Thủ tục</Link>
      <div className="row spread">
        <div className="stack tight grow">
          <h1>{one.name}</h1>
          <div className="row quiet">
            <span className="strong">{one.code}</span> <span>{one.field}</span> <span>cấp {levelNames[one.level].toLowerCase()}</span>
            <span>{one.origin === 'own' ? 'bản ghi của tỉnh' : 'bản ghi quốc gia'}</span>
            <DateMark of={one} />
            {!one.answerable && <span className="tag hidden">chat không dùng</span>}
            {one.url !== null && (
              <a href={one.url} target="_blank" rel="noreferrer noopener">
                Cổng Dịch vụ công
              </a>
            )}
          </div>
        </div>
        <Button onClick={() => setEdited({ overlay: one.overlay, reason: '' })}>Sửa phần của tỉnh…</Button>
      </div>
      {!one.live && (
        <p className="panel" role="status">
          Bản sửa mới nhất đang được đưa vào câu trả lời, mất vài giây…
        </p>
      )}
      <div className="beside">
        <Record of={one} />
        <Answers of={one} />
      </div>
      <History of={one} onRevert={(edit) => setEdited({ overlay: edit.overlay, reason: `Khôi phục bản ${edit.version}` })} />
      {edited !== null && <EditDialog of={one} start={edited.overlay} reason={edited.reason} onClose={() => setEdited(null)} />}
    </div>
  );
}

function Record({ of }: { of: Procedure }) {
  const dates: [string, string | null][] = [
    ['Ngày dữ liệu', of.as_of],
    ['Đối chiếu lần cuối', of.checked_at],
    ['Có hiệu lực đến', of.valid_to],
  ];
  const local = overlayChanges(emptyOverlay, of.overlay);
  return (
    <section className="card stack">
      <h2>Bản ghi</h2>
      <dl className="record">
        {of.facts.map(({ title, text }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd className="said">{text}</dd>
          </div>
        ))}
        {dates.map(([title, date]) => date !== null && (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{dateText(date)}</dd>
          </div>
        ))}
      </dl>
      <h2>Phần của tỉnh</h2>
      {local.length === 0 ? (
        <p className="quiet">Chưa có.</p>
      ) : (
        <dl className="record">
          {local.map(({ title, after }) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd className="said">{after}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function Answers({ of }: { of: Procedure }) {
  const [aspect, setAspect] = useState('overview');
  const shown = of.answers.find((each) => each.aspect === aspect) ?? of.answers[0];
  return (
    <section className="card stack">
      <h2>Câu trả lời trong chat</h2>
      <div className="tabs wrap" role="tablist" aria-label="Câu trả lời về">
        {of.answers.map(({ aspect: id, title }) => (
          <button key={id} type="button" role="tab" aria-selected={id === aspect} onClick={() => setAspect(id)}>
            {title}
          </button>
        ))}
      </div>
      <div className="bubble bot said">{shown?.text}</div>
      <p className="quiet said">{of.source_line}</p>
    </section>
  );
}

function History({ of, onRevert }: { of: Procedure; onRevert: (edit: ProcedureEdit) => void }) {
  const names = useNames();
  return (
    <section className="card stack">
      <h2>Lịch sử sửa</h2>
      {of.edits.length === 0 ? (
        <p className="quiet">Chưa có ai sửa phần của tỉnh ở đây.</p>
      ) : (
        <ol className="history">
          {of.edits.map((edit, index) => {
            const changes = overlayChanges(of.edits[index + 1]?.overlay ?? emptyOverlay, edit.overlay);
            return (
              <li key={edit.version} className="event stack tight">
                <div className="row spread">
                  <span>
                    <b>Bản {edit.version}</b>, {names.staff(edit.staff_id)}, <Ago at={edit.at} />: {edit.reason}
                  </span>
                  {index > 0 && (
                    <Button size="xs" variant="default" onClick={() => onRevert(edit)}>
                      Khôi phục bản {edit.version}…
                    </Button>
                  )}
                </div>
                {changes.map(({ title, before, after }) => (
                  <div key={title} className="panel">
                    <span className="quiet">{title}</span>
                    <Difference before={before} after={after} />
                  </div>
                ))}
                {changes.length === 0 && <span className="quiet">Không đổi gì.</span>}
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

function EditDialog({ of, start, reason: why, onClose }: { of: Procedure; start: Overlay; reason: string; onClose: () => void }) {
  const [fields, setFields] = useState<Overlay>(start);
  const [aliases, setAliases] = useState(start.aliases.join('\n'));
  const [codes, setCodes] = useState(start.linked_codes.join('\n'));
  const [reason, setReason] = useState(why);
  const [stale, setStale] = useState<{ changes: Change[]; version: number } | null>(null);
  const change = (part: Partial<Overlay>) => setFields((before) => ({ ...before, ...part }));
  const overlay: Overlay = { ...fields, aliases: linesOf(aliases), linked_codes: linesOf(codes) };
  const changes = overlayChanges(of.overlay, overlay);
  const save = useChange(
    (expected_version: number) => ask(api.PUT('/procedures/{code}/overlay', { params: { path: { code: of.code } }, body: { ...overlay, reason: reason.trim(), expected_version } })),
    keysOf.procedures,
  );
  const store = (version: number) =>
    save.mutate(version, {
      onSuccess: () => {
        told('Đã lưu; có hiệu lực sau vài giây');
        onClose();
      },
      onError: (failure) => {
        if (!(failure instanceof Failure) || failure.kind !== 'stale') return;
        const current = failure.problem && 'current' in failure.problem ? (failure.problem.current as { version?: number } | undefined) : undefined;
        setStale({ changes: failure.changes, version: current?.version ?? version + 1 });
      },
    });
  return (
    <>
      <Modal opened onClose={onClose} title={`Sửa phần của tỉnh: ${of.code}`} size="xl">
        <form
          className="stack"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            store(of.version);
          }}
        >
          <p className="quiet">Giá trị của tỉnh đứng trên bản ghi gốc; để trống thì dùng bản gốc. Tên gọi được cộng thêm.</p>
          <Textarea label={overlayTitles.fee_text} autosize minRows={2} maxLength={1000} value={fields.fee_text} onChange={(event) => change({ fee_text: event.currentTarget.value })} data-autofocus />
          <div className="form-grid">
            <TextInput label={overlayTitles.fee_resolution} description="Bắt buộc khi có mức thu" maxLength={300} value={fields.fee_resolution} onChange={(event) => change({ fee_resolution: event.currentTarget.value })} />
            <TextInput label={overlayTitles.fee_date} description="Ngày ban hành" type="date" value={fields.fee_date ?? ''} onChange={(event) => change({ fee_date: event.currentTarget.value === '' ? null : event.currentTarget.value })} />
          </div>
          <TextInput label={overlayTitles.receiving_place} maxLength={500} value={fields.receiving_place} onChange={(event) => change({ receiving_place: event.currentTarget.value })} />
          <div className="form-grid">
            <TextInput label={overlayTitles.hotline} maxLength={60} value={fields.hotline} onChange={(event) => change({ hotline: event.currentTarget.value })} />
            <TextInput label={overlayTitles.short_name} maxLength={120} value={fields.short_name} onChange={(event) => change({ short_name: event.currentTarget.value })} />
            <Select label={overlayTitles.online} allowDeselect={false} data={optionsOf(onlineNames)} value={fields.online} onChange={(online) => change({ online: (online ?? 'unknown') as Overlay['online'] })} />
            <Select label={overlayTitles.postal_return} allowDeselect={false} data={optionsOf(yesNo)} value={fields.postal_return} onChange={(value) => change({ postal_return: (value ?? 'unknown') as Overlay['postal_return'] })} />
          </div>
          <div className="form-grid">
            <Textarea label={overlayTitles.aliases} description="Mỗi dòng một tên" autosize minRows={2} value={aliases} onChange={(event) => setAliases(event.currentTarget.value)} />
            <Textarea label={overlayTitles.linked_codes} description="Mỗi dòng một mã" autosize minRows={2} value={codes} onChange={(event) => setCodes(event.currentTarget.value)} />
          </div>
          <TextInput label={overlayTitles.source} description="Văn bản hoặc cơ quan cung cấp" required maxLength={300} value={fields.source} onChange={(event) => change({ source: event.currentTarget.value })} />
          <TextInput label="Lý do sửa" required minLength={5} maxLength={300} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
          {changes.length > 0 && (
            <div className="panel stack tight">
              <span className="strong">Sẽ đổi</span>
              {changes.map(({ title, before, after }) => (
                <div key={title}>
                  <span className="quiet">{title}: </span>
                  <Difference before={before} after={after} />
                </div>
              ))}
            </div>
          )}
          <Objection error={save.error?.kind === 'stale' ? null : save.error} />
          <div className="row end">
            <Button variant="default" onClick={onClose}>
              Thôi
            </Button>
            <Button type="submit" loading={save.isPending} disabled={changes.length === 0 || fields.source.trim() === '' || reason.trim().length < 5}>
              Lưu và đưa vào sử dụng
            </Button>
          </div>
        </form>
      </Modal>
      <StaleDialog
        changes={stale?.changes ?? null} onClose={() => setStale(null)}
        onAgain={() => {
          if (stale) store(stale.version);
          setStale(null);
        }}
      />
    </>
  );
}
