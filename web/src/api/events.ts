import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { keysOf } from './queries';
import type { Presence } from './types';

export interface Live {
  connected: boolean;
  /** The session is about to end, or has. */
  sessionEndsAt: string | null;
}

/** What an event makes stale. Separate from the stream, so that it can be tested. */
export function take(client: QueryClient, name: string, data: unknown): void {
  const refresh = (...queryKeys: (readonly unknown[])[]) =>
    queryKeys.forEach((queryKey) => void client.invalidateQueries({ queryKey }));
  const code = (data as { code?: string } | null)?.code ?? '';
  switch (name) {
    case 'complaint':
      refresh(keysOf.lists, keysOf.case(code));
      break;
    case 'message':
      refresh(keysOf.lists, keysOf.part(code, 'messages'), keysOf.part(code, 'notes'), keysOf.part(code, 'complaint'));
      break;
    case 'presence':
      client.setQueryData(keysOf.part(code, 'presence'), data as Presence);
      break;
    case 'reference':
      refresh(keysOf.reference, keysOf.templates, keysOf.views, keysOf.staff);
      break;
    case 'reset':
      refresh([]);
      break;
  }
}

/** Keeps what is shown in step with the server while the desk is open. */
export function useLive(): Live {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>({ connected: true, sessionEndsAt: null });
  useEffect(() => {
    let source: EventSource;
    let again: ReturnType<typeof setTimeout> | undefined;
    const connect = () => {
      source = new EventSource('/api/v1/events');
      source.onopen = () => setLive((before) => ({ ...before, connected: true }));
      source.onerror = () => {
        setLive((before) => ({ ...before, connected: false }));
        // The browser tries again by itself after a break, but gives up after a refusal (restarting server, ended session).
        if (source.readyState === EventSource.CLOSED) {
          again = setTimeout(() => {
            void client.invalidateQueries({ queryKey: keysOf.session });
            connect();
          }, 5000);
        }
      };
      for (const name of ['complaint', 'message', 'presence', 'reference', 'session', 'reset'])
        source.addEventListener(name, (event: MessageEvent<string>) => {
          const data: unknown = JSON.parse(event.data);
          if (name === 'session') {
            setLive((before) => ({ ...before, sessionEndsAt: (data as { ends_at: string }).ends_at }));
            void client.invalidateQueries({ queryKey: keysOf.session });
          } else take(client, name, data);
        });
    };
    connect();
    return () => {
      clearTimeout(again);
      source.close();
    };
  }, [client]);
  return live;
}
