import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, ask } from '../api/client';
import { keysOf, queryClient, useMe } from '../api/queries';
import type { Presence } from '../api/types';

const heartbeat = 20_000; // milliseconds

/** Tells the others that this page is open, and says who else is there. */
export function usePresence(code: string, composing: boolean): Presence['staff'] {
  const me = useMe();
  const { data } = useQuery<Presence>({ queryKey: keysOf.part(code, 'presence'), enabled: false });
  useEffect(() => {
    const beat = () =>
      ask(api.PUT('/complaints/{code}/presence', { params: { path: { code } }, body: { composing } })).then(
        (presence) => queryClient.setQueryData(keysOf.part(code, 'presence'), presence),
        () => undefined, // the strip above the page tells of a lost connection
      );
    void beat();
    const timer = setInterval(() => void beat(), heartbeat);
    return () => clearInterval(timer);
  }, [code, composing]);
  useEffect(() => () => void ask(api.DELETE('/complaints/{code}/presence', { params: { path: { code } } })).catch(() => undefined), [code]);
  return data?.staff.filter(({ staff_id }) => staff_id !== me.id) ?? [];
}
