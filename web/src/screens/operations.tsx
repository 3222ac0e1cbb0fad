import { Alert, Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { api, ask } from '../api/client';
import { has, keysOf, useChange, useMe } from '../api/queries';
import type { DeadLetter, Operations } from '../api/types';
import { Ago } from '../components/marks';
import { SilenceDialog, useSilence } from '../components/silence';
import { Empty, Failed, Loading, complained, told } from '../components/states';
import { byState, bytesText, outboxStates, purposes, reasonsOf } from '../logic/operations';
import { dateText, instantText } from '../logic/time';

export default function OperationsPage() {
  const me = useMe();
  useEffect(() => {
    document.title = 'Vận hành · Một Cửa';
  }, []);
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Vận hành</h1>
        <KillSwitch />
      </div>
      {has(me, 'admin') && (
        <>
          <Figures />
          <DeadLetters />
        </>
      )}
    </div>
  );
}

function KillSwitch() {
  const silence = useSilence();
  const [asked, setAsked] = useState(false);
  if (!silence.data) return null;
  const silenced = silence.data.silence !== null;
  return (
    <div className="row">
      <span className={silenced ? 'bad strong' : 'quiet'}>{silenced ? 'Trả lời tự động đang tắt' : 'Trả lời tự động đang bật'}</span>
      <Button color={silenced ? 'blue' : 'red'} variant={silenced ? 'filled' : 'outline'} onClick={() => setAsked(true)}>
        {silenced ? 'Bật lại trả lời tự động…' : 'Tắt trả lời tự động…'}
      </Button>
      {asked && <SilenceDialog silenced={!silenced} onClose={() => setAsked(false)} />}
    </div>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card stack tight">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Facts({ rows }: { rows: [title: string, value: ReactNode][] }) {
  return (
    <dl className="facts wide">
      {rows.map(([title, value]) => (
        <div key={title} className="fact">
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const number = (value: number) => value.toLocaleString('vi-VN');
const moment = (at: string | null) =>
  at === null ? (
    '–'
  ) : (
    <>
      {instantText(at)} <span className="quiet">(<Ago at={at} />)</span>
    </>
  );
const until = (at: string | null) => (at === null ? '–' : instantText(at));
const good = (yes: boolean, words: [string, string]) => <span className={yes ? undefined : 'bad strong'}>{words[yes ? 0 : 1]}</span>;

/** What an operator must look at first. */
function alarmsOf(now: Operations): string[] {
  const alarms: string[] = [];
  if (!now.ready) alarms.push('Máy chủ không nhận tin từ Zalo.');
  if (!now.writer.healthy) alarms.push('Cơ sở dữ liệu không ghi được; máy chủ sẽ dừng để khởi động lại.');
  if (now.storage.damaged) alarms.push('Cơ sở dữ liệu bị hỏng: cần khôi phục bản sao lưu.');
  if (now.writer.waiting > now.writer.limit / 2) alarms.push('Hàng đợi ghi quá nửa giới hạn.');
  if (now.token.alarm !== '') alarms.push(`Mã truy cập Zalo: ${now.token.alarm}`);
  if (!now.token.has_access) alarms.push('Chưa có mã truy cập Zalo, không gửi được tin nào.');
  if (now.content.failure !== '') alarms.push(`Nội dung chưa nạp lại được, máy dùng bản cũ: ${now.content.failure}`);
  if (now.storage.disk_bytes > 0 && now.storage.disk_free_bytes < now.storage.disk_bytes / 10) alarms.push('Đĩa còn dưới 10% chỗ trống.');
  return alarms;
}

function Figures() {
  const figures = useQuery({ queryKey: keysOf.operations, queryFn: () => ask(api.GET('/operations')), refetchInterval: 10_000 });
  if (figures.isPending) return <Loading />;
  if (!figures.data) return <Failed error={figures.error} again={() => void figures.refetch()} />;
  const now = figures.data;
  const alarms = alarmsOf(now);
  const states = byState(now.outbox);
  const reasons = reasonsOf(now.outbox);
  const { deliveries, token, storage, content } = now;
  return (
    <>
      {alarms.length > 0 && (
        <Alert color="red" role="alert" title="Cần xem ngay">
          <ul className="plain-list">
            {alarms.map((alarm) => (
              <li key={alarm}>{alarm}</li>
            ))}
          </ul>
        </Alert>
      )}
      <div className="panels">
        <Panel title="Nhận tin">
          <Facts
            rows={[
              ['Trạng thái', good(now.ready, ['Đang nhận', 'Không nhận'])],
              ['Tin gần nhất', moment(now.last_event_at)],
              ['Chạy từ', moment(now.started_at)],
              ['Đã nhận', number(deliveries.stored)],
              ['Nhận trùng', number(deliveries.duplicates)],
              ['Chữ ký sai', deliveries.bad_signatures > 0 ? <span className="bad strong">{number(deliveries.bad_signatures)}</span> : '0'],
              ['Không đọc được', number(deliveries.malformed)],
              ['Từ chối vì bận', number(deliveries.refused_busy)],
              ['Người dân chờ cán bộ', <>{number(now.handovers.waiting)}{now.handovers.oldest_at !== null && <span className="quiet"> (lâu nhất <Ago at={now.handovers.oldest_at} />)</span>}</>],
            ]}
          />
        </Panel>
        <Panel title="Gửi tin">
          {states.length === 0 ? (
            <p className="quiet">Chưa có tin nào được gửi.</p>
          ) : (
            <Facts rows={states.map(({ state, count }) => [outboxStates[state] ?? state, number(count)])} />
          )}
          {reasons.length > 0 && (
            <>
              <h3>Lý do chưa gửi được</h3>
              <ul className="plain-list">
                {reasons.slice(0, 8).map(({ state, reason, count }) => (
                  <li key={`${state} ${reason}`}>
                    <span className="tag">{number(count)}</span> <span className="code-text">{reason}</span> <span className="quiet">{outboxStates[state]}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Panel>
        <Panel title="Mã truy cập Zalo">
          <Facts
            rows={[
              ['Truy cập', good(token.has_access, [`có, đến ${until(token.access_until)}`, 'không có'])],
              ['Làm mới', good(token.has_refresh, [`có, đến ${until(token.refresh_until)}`, 'không có'])],
              ['Lần làm mới cuối', moment(token.last_renewal)],
              ['Lỗi lần cuối', token.last_error === '' ? 'không' : <span className="bad">{token.last_error}</span>],
            ]}
          />
        </Panel>
        <Panel title="Ghi và lưu">
          <Facts
            rows={[
              ['Cơ sở dữ liệu', good(now.writer.healthy, ['ghi được', 'không ghi được'])],
              ['Đang chờ ghi', `${number(now.writer.waiting)} / ${number(now.writer.limit)}`],
              ['Dung lượng', bytesText(storage.database_bytes)],
              ['Đĩa còn trống', `${bytesText(storage.disk_free_bytes)} / ${bytesText(storage.disk_bytes)}`],
              ['Kiểm tra toàn vẹn', storage.damaged ? <span className="bad">có chỗ hỏng</span> : storage.checked_at === null ? 'chưa chạy từ khi khởi động' : <>tốt, {moment(storage.checked_at)}</>],
              ['Sao lưu gần nhất', storage.last_backup_at === null ? <span className="bad">chưa thấy trên máy này</span> : moment(storage.last_backup_at)],
            ]}
          />
        </Panel>
        <Panel title="Phiên bản">
          <Facts
            rows={[
              ['Chương trình', now.version],
              ['Mô hình', <span className="code-text">{content.model}</span>],
              ['Nội dung', <span className="code-text">{content.version}</span>],
              ['Thủ tục', `${number(content.procedures)}, dữ liệu mới nhất ${content.newest_data_on === null ? '–' : dateText(content.newest_data_on)}`],
              ['Nạp lúc', content.loading ? 'đang nạp lại…' : moment(content.loaded_at)],
            ]}
          />
        </Panel>
      </div>
    </>
  );
}

function DeadLetters() {
  const letters = useInfiniteQuery({
    queryKey: [...keysOf.operations, 'dead'],
    queryFn: ({ pageParam }) => ask(api.GET('/operations/dead-letters', { params: { query: { before: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.has_more ? last.items.at(-1)?.id : undefined),
  });
  const retry = useChange((letter: DeadLetter) => ask(api.POST('/operations/dead-letters/{id}/retry', { params: { path: { id: letter.id } } })), keysOf.operations);
  const rows = letters.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section className="stack">
      <h2>Tin không gửi nữa</h2>
      {letters.isPending ? (
        <Loading lines={3} />
      ) : !letters.data ? (
        <Failed error={letters.error} again={() => void letters.refetch()} />
      ) : rows.length === 0 ? (
        <Empty title="Không có tin nào bị bỏ" />
      ) : (
        <>
          <div className="frame">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Số</th>
                  <th scope="col">Loại</th>
                  <th scope="col">Lý do</th>
                  <th scope="col">Lần gửi</th>
                  <th scope="col">Tạo lúc</th>
                  <th scope="col">Bỏ lúc</th>
                  <th scope="col">
                    <span className="hidden-text">Thao tác</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((letter) => (
                  <tr key={letter.id}>
                    <td className="quiet">{letter.id}</td>
                    <td className="strong">{purposes[letter.purpose]}</td>
                    <td className="text code-text">{letter.reason}</td>
                    <td data-title="Lần gửi">
                      <span>{letter.attempts}</span>
                    </td>
                    <td className="quiet tight" data-title="Tạo lúc">
                      <span>{instantText(letter.created_at)}</span>
                    </td>
                    <td className="quiet tight" data-title="Bỏ lúc">
                      <span>{instantText(letter.ended_at)}</span>
                    </td>
                    <td>
                      {letter.complaint !== null ? (
                        <Link to={`/complaints/${letter.complaint}`}>{letter.complaint}</Link>
                      ) : letter.may_retry ? (
                        <Button
                          size="xs" variant="default" loading={retry.isPending && retry.variables.id === letter.id} aria-label={`Gửi lại tin ${letter.id}`}
                          onClick={() => retry.mutate(letter, { onSuccess: () => told('Đã đưa vào hàng gửi'), onError: complained })}
                        >
                          Gửi lại
                        </Button>
                      ) : (
                        <span className="quiet">không gửi lại được</span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {letters.hasNextPage && (
            <Button variant="default" loading={letters.isFetchingNextPage} onClick={() => void letters.fetchNextPage()}>
              Xem thêm
            </Button>
          )}
        </>
      )}
    </section>
  );
}
