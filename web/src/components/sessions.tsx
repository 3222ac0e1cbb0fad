import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, ask } from '../api/client';
import { keysOf, useChange } from '../api/queries';
import { instantText } from '../logic/time';
import { Ago } from './marks';
import { Failed, Loading, complained } from './states';

/** Sessions of an account; null is one's own. */
export function SessionList({ staffId }: { staffId: string | null }) {
  const key = keysOf.sessions(staffId);
  const sessions = useQuery({ queryKey: key, queryFn: () => ask(api.GET('/sessions', { params: { query: staffId === null ? {} : { staff_id: staffId } } })) });
  const end = useChange((id: string) => ask(api.DELETE('/sessions/{id}', { params: { path: { id } } })), key);
  if (sessions.isPending) return <Loading lines={3} />;
  if (!sessions.data) return <Failed error={sessions.error} again={() => void sessions.refetch()} />;
  if (sessions.data.items.length === 0) return <p className="quiet">Không có phiên nào đang mở.</p>;
  return (
    <div className="stack tight">
      {sessions.data.items.map((session) => (
        <div key={session.id} className="row spread panel">
          <span>
            {session.browser} · {session.address} {session.current && <span className="tag answered">phiên này</span>}
            <span className="quiet">
              {' '}
              · mở {instantText(session.created_at)}, dùng <Ago at={session.last_seen_at} />
            </span>
          </span>
          {!session.current && (
            <Button size="xs" variant="default" loading={end.isPending && end.variables === session.id} onClick={() => end.mutate(session.id, { onError: complained })}>
              Kết thúc
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}
