import { Modal } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { isField, keys, meaning, places, type Action, type Place } from '../logic/keys';

const sequencePause = 1500; // milliseconds after which "g" is forgotten

/** Runs the actions of the table in logic/keys.ts; never while a field has the focus or a dialog is open. */
export function useKeys(here: readonly Place[], actions: Partial<Record<Action, () => void>>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const places = here.join();
  useEffect(() => {
    let pending = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('[aria-modal=true]')) return;
      if (['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
      const outcome = meaning(
        { key: event.key, ctrl: event.ctrlKey || event.metaKey, other: event.altKey || event.isComposing, inField: isField(event.target) },
        places.split(',') as Place[],
        pending,
      );
      pending = outcome.pending;
      clearTimeout(timer);
      if (pending !== '') timer = setTimeout(() => (pending = ''), sequencePause);
      const action = outcome.action && latest.current[outcome.action];
      // Enter on a button or link is the browser's
      if (!action || (event.key === 'Enter' && !event.ctrlKey && event.target !== document.body)) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('keydown', onKeyDown);
    };
  }, [places]);
}

export function KeySheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Phím tắt" size="xl">
      <div className="sheet">
        {(Object.keys(places) as Place[]).map((place) => (
          <section key={place}>
            <h2>{places[place]}</h2>
            <dl>
              {keys
                .filter(({ where }) => where === place)
                .map((key) => (
                  <div key={key.keys} style={{ display: 'contents' }}>
                    <dt>
                      {key.keys.split(/ |\+(?=.)/).map((each) => (
                        <kbd key={each}>{each}</kbd>
                      ))}
                    </dt>
                    <dd>{key.title}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="quiet">Phím tắt không hoạt động khi con trỏ đang ở trong ô nhập.</p>
    </Modal>
  );
}
