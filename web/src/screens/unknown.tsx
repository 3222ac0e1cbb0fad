import { Button, Checkbox, Modal, Radio, Select, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { api, ask } from '../api/client';
import { keysOf, useChange, useNames } from '../api/queries';
import type { Titled, UnknownDecision, UnknownGroup, UnknownVerdict } from '../api/types';
import { Ago } from '../components/marks';
import { Pages } from '../components/pages';
import { ProcedureSearch, useSettled } from '../components/procedure_search';
import { Said } from '../components/said';
import { findMarkless } from '../components/select_search';
import { Empty, Failed, Loading, Objection, complained, told } from '../components/states';
import { instantText } from '../logic/time';

const pageSize = 25;

const kindNames = { not_understood: 'chưa hiểu', none_of_these: 'không mục nào đúng', wrong_answer: 'báo trả lời sai', chosen: 'đã chọn' };

const verdictNames: Record<UnknownVerdict, string> = {
  alias: 'Đúng là: tên gọi',
  search_test: 'Đúng là: câu thử tìm kiếm',
  example: 'Câu mới',
  out_of_scope: 'Ngoài phạm vi',
  dropped: 'Bỏ',
};

export default function UnknownPage() {
  const [tab, setTab] = useState<'open' | 'decided'>('open');
  useEffect(() => {
    document.title = 'Câu hỏi chưa hiểu · Một Cửa';
  }, []);
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Câu hỏi chưa hiểu</h1>
        <Button component="a" variant="default" href="/api/v1/unknown-messages/export" download>
          Xuất thay đổi nội dung
        </Button>
      </div>
      <p className="quiet">
        Câu được giữ không kèm người gửi, số đã che. Quyết định ở đây chưa đổi câu trả lời: xuất gói thay đổi, kiểm tra bằng <span className="code-text">motcua check</span>, rồi đưa vào nội dung.
      </p>
      <div className="tabs" role="tablist" aria-label="Câu hỏi chưa hiểu">
        <button type="button" role="tab" aria-selected={tab === 'open'} onClick={() => setTab('open')}>
          Chưa xử lý
        </button>
        <button type="button" role="tab" aria-selected={tab === 'decided'} onClick={() => setTab('decided')}>
          Đã quyết định
        </button>
      </div>
      {tab === 'open' ? <Open /> : <Decided />}
    </div>
  );
}

function Open() {
  const [typed, setTyped] = useState('');
  const q = useSettled(typed.trim());
  const [page, setPage] = useState(1);
  useEffect(() => setPage(1), [q]);
  const [asked, setAsked] = useState<UnknownGroup | null>(null);
  const query = { page, ...(q !== '' && { q }) };
  const list = useQuery({
    queryKey: [...keysOf.unknown, 'open', query],
    queryFn: () => ask(api.GET('/unknown-messages', { params: { query } })),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <TextInput type="search" aria-label="Tìm câu" placeholder="Tìm câu, bỏ dấu cũng được" maxLength={100} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      {list.isPending ? (
        <Loading />
      ) : !list.data ? (
        <Failed error={list.error} again={() => void list.refetch()} />
      ) : list.data.items.length === 0 ? (
        <Empty title={q === '' ? 'Không còn câu nào chưa xử lý' : 'Không có câu nào khớp'} />
      ) : (
        <>
          <p className="quiet">
            {list.data.messages.toLocaleString('vi-VN')} câu trong 180 ngày, gom thành {list.data.total.toLocaleString('vi-VN')} nhóm.
          </p>
          <div className={`frame ${list.isPlaceholderData ? 'busy' : ''}`}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Câu</th>
                  <th scope="col">Lần</th>
                  <th scope="col">Từ – đến</th>
                  <th scope="col">Thủ tục gần nhất</th>
                  <th scope="col">
                    <span className="hidden-text">Thao tác</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {list.data.items.map((group) => (
                  <tr key={group.text}>
                    <td className="text">
                      <div className="strong">
                        <Said text={group.text} />
                      </div>
                      {group.others.map((other) => (
                        <div key={other} className="quiet">
                          <Said text={other} />
                        </div>
                      ))}
                      {group.kinds.filter(({ kind }) => kind !== 'not_understood').map(({ kind, count }) => (
                        <span key={kind} className="tag waiting">
                          {kindNames[kind]} {count}
                        </span>
                      ))}
                    </td>
                    <td className="strong" data-title="Lần">
                      <span>{group.count.toLocaleString('vi-VN')}</span>
                    </td>
                    <td className="quiet" data-title="Gần nhất">
                      <span>
                        <Ago at={group.last_at} />
                        {group.count > 1 && <span title={instantText(group.first_at)}>, lần đầu <Ago at={group.first_at} /></span>}
                      </span>
                    </td>
                    <td>
                      {group.nearest.length === 0 ? (
                        <span className="quiet">không có</span>
                      ) : (
                        group.nearest.map(({ id, title }) => (
                          <div key={id}>
                            <span className="quiet">{id}</span> {title}
                          </div>
                        ))
                      )}
                    </td>
                    <td>
                      <Button size="xs" variant="default" onClick={() => setAsked(group)} aria-label={`Xử lý ${group.text}`}>
                        Xử lý…
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Pages page={page} size={pageSize} total={list.data.total} onPage={setPage} />
        </>
      )}
      {asked !== null && list.data && <DecideDialog group={asked} intents={list.data.intents} onClose={() => setAsked(null)} />}
    </>
  );
}

type Kind = 'procedure' | 'example' | 'out_of_scope' | 'dropped';

function DecideDialog({ group, intents, onClose }: { group: UnknownGroup; intents: Titled[]; onClose: () => void }) {
  const wordings = [group.text, ...group.others];
  const [chosen, setChosen] = useState<string[]>(wordings);
  const [whole, setWhole] = useState(true);
  const [kind, setKind] = useState<Kind>('procedure');
  const [procedure, setProcedure] = useState<Titled | null>(group.nearest[0] ?? null);
  const [use, setUse] = useState<'alias' | 'search_test'>('alias');
  const [intent, setIntent] = useState<string | null>(null);
  const verdict: UnknownVerdict = kind === 'procedure' ? use : kind;
  const target = kind === 'procedure' ? (procedure?.id ?? null) : kind === 'example' ? intent : null;
  const missing = chosen.length === 0 || ((kind === 'procedure' || kind === 'example') && target === null);
  const decide = useChange(() => ask(api.POST('/unknown-messages/decisions', { body: { texts: chosen, whole_group: whole, verdict, target } })), keysOf.unknown);
  const hidden = chosen.some((text) => /<[a-z_]+>/.test(text));
  const offered = procedure === null || group.nearest.some(({ id }) => id === procedure.id) ? group.nearest : [...group.nearest, procedure];
  return (
    <Modal opened onClose={onClose} title="Xử lý câu chưa hiểu" size="xl">
      <form
        className="stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          decide.mutate(undefined, {
            onSuccess: () => {
              told('Đã ghi quyết định');
              onClose();
            },
          });
        }}
      >
        <Checkbox.Group label={`Câu được đưa vào (${group.count.toLocaleString('vi-VN')} lần hỏi)`} value={chosen} onChange={setChosen}>
          <div className="stack tight">
            {wordings.map((text) => (
              <Checkbox key={text} value={text} label={<Said text={text} />} />
            ))}
          </div>
        </Checkbox.Group>
        <Checkbox checked={whole} onChange={(event) => setWhole(event.currentTarget.checked)} label="Coi cả nhóm (và câu giống vậy về sau) là đã xử lý" />
        <Radio.Group label="Câu này là gì?" value={kind} onChange={(value) => setKind(value as Kind)}>
          <div className="row wide">
            <Radio value="procedure" label="Đúng là thủ tục…" />
            <Radio value="example" label="Câu mới của ý định…" />
            <Radio value="out_of_scope" label="Ngoài phạm vi" />
            <Radio value="dropped" label="Bỏ" />
          </div>
        </Radio.Group>
        {kind === 'procedure' && (
          <>
            <div className="choices" role="radiogroup" aria-label="Thủ tục">
              {offered.map((one) => (
                <button key={one.id} type="button" role="radio" aria-checked={procedure?.id === one.id} className={`tag choice ${procedure?.id === one.id ? 'open' : ''}`} onClick={() => setProcedure(one)}>
                  {one.id} {one.title}
                </button>
              ))}
            </div>
            <ProcedureSearch onChoose={setProcedure} />
            <Radio.Group label="Đưa vào nội dung thành" value={use} onChange={(value) => setUse(value as 'alias' | 'search_test')}>
              <div className="row wide">
                <Radio value="alias" label="Tên gọi của thủ tục (máy sẽ tìm ra)" />
                <Radio value="search_test" label="Câu thử tìm kiếm (để đo)" />
              </div>
            </Radio.Group>
          </>
        )}
        {kind === 'example' && (
          <Select searchable label="Ý định" placeholder="Chọn" filter={findMarkless} value={intent} onChange={setIntent} data={intents.filter(({ id }) => id !== 'out_of_scope').map(({ id, title }) => ({ value: id, label: title }))} />
        )}
        {hidden && kind !== 'dropped' && <p className="quiet">Câu có số đã che sẽ không được đưa vào gói xuất; anh/chị bỏ chọn hoặc thêm bằng tay câu không có số.</p>}
        <Objection error={decide.error} />
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Thôi
          </Button>
          <Button type="submit" loading={decide.isPending} disabled={missing}>
            Ghi quyết định
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Decided() {
  const names = useNames();
  const list = useQuery({ queryKey: [...keysOf.unknown, 'decided'], queryFn: () => ask(api.GET('/unknown-messages/decisions')) });
  const undo = useChange((one: UnknownDecision) => ask(api.DELETE('/unknown-messages/decisions/{id}', { params: { path: { id: one.id } } })), keysOf.unknown);
  if (list.isPending) return <Loading />;
  if (!list.data) return <Failed error={list.error} again={() => void list.refetch()} />;
  if (list.data.items.length === 0) return <Empty title="Chưa có quyết định nào" />;
  return (
    <>
      {list.data.total > list.data.items.length && <p className="quiet">Hiện {list.data.items.length} trong {list.data.total.toLocaleString('vi-VN')} quyết định mới nhất.</p>}
      <div className="frame">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Câu</th>
              <th scope="col">Quyết định</th>
              <th scope="col">Câu đã hỏi</th>
              <th scope="col">Ai, lúc nào</th>
              <th scope="col">
                <span className="hidden-text">Thao tác</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.data.items.map((one) => (
              <tr key={one.id}>
                <td className="text">
                  {one.texts.map((text) => (
                    <div key={text}>
                      <Said text={text} />
                    </div>
                  ))}
                  {one.whole_group && <span className="tag">cả nhóm</span>}
                </td>
                <td>
                  <div className="strong">{verdictNames[one.verdict]}</div>
                  {one.target !== null && (
                    <div className="quiet">
                      {one.target} {one.target_title !== one.target && one.target_title}
                    </div>
                  )}
                </td>
                <td data-title="Câu đã hỏi">
                  <span>{one.covered.toLocaleString('vi-VN')}</span>
                </td>
                <td className="quiet">
                  {names.staff(one.staff_id)}, <Ago at={one.at} />
                  {one.undone_at !== null && (
                    <div className="bad">
                      hoàn tác: {names.staff(one.undone_by)}, <Ago at={one.undone_at} />
                    </div>
                  )}
                </td>
                <td>
                  {one.undone_at === null && (
                    <Button size="xs" variant="default" loading={undo.isPending && undo.variables.id === one.id} aria-label={`Hoàn tác ${one.texts[0] ?? ''}`} onClick={() => undo.mutate(one, { onSuccess: () => told('Đã hoàn tác'), onError: complained })}>
                      Hoàn tác
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
