import { Loader, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, ask } from '../api/client';
import { keysOf } from '../api/queries';

/** A value that has stood still for a moment. */
export function useSettled(value: string, milliseconds = 300): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** Finds a procedure the way the chat does. */
export function ProcedureSearch({ onChoose }: { onChoose: (procedure: { id: string; title: string }) => void }) {
  const [typed, setTyped] = useState('');
  const q = useSettled(typed.trim());
  const found = useQuery({
    queryKey: [...keysOf.procedures, 'choose', q],
    queryFn: () => ask(api.GET('/procedures', { params: { query: { q } } })),
    enabled: q !== '',
  });
  return (
    <div className="stack tight">
      <TextInput
        type="search" label="Tìm thủ tục khác" placeholder="Tên, mã, hoặc cách người dân nói" maxLength={200} value={typed} rightSection={found.isFetching ? <Loader size="xs" /> : null}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {q !== '' && found.data && (
        <div className="choices">
          {found.data.items.slice(0, 6).map(({ code, name }) => (
            <button key={code} type="button" className="tag label" onClick={() => onChoose({ id: code, title: name })}>
              {code} {name}
            </button>
          ))}
          {found.data.items.length === 0 && <span className="quiet">Không có thủ tục nào khớp.</span>}
        </div>
      )}
    </div>
  );
}
