// What was being written survives a lost connection, a reload and an ended session. Kept in this browser, per account and case; signing out
// removes it, because it may quote a citizen.

export interface Draft {
  mode: 'note' | 'reply';
  text: string;
  transition: string | null;
  /** Version of the case the writing began at. */
  version: number;
  /** Made when sending is first tried, so that trying again says it only once. */
  request_id: string | null;
}

const prefix = 'motcua.draft.';
const key = (staffId: string, code: string): string => `${prefix}${staffId}.${code}`;

export function loadDraft(staffId: string, code: string): Draft | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key(staffId, code)) ?? 'null');
    return isDraft(found) ? found : null;
  } catch {
    return null;
  }
}

export function saveDraft(staffId: string, code: string, draft: Draft): void {
  try {
    if (draft.text === '') localStorage.removeItem(key(staffId, code));
    else localStorage.setItem(key(staffId, code), JSON.stringify(draft));
  } catch {
    // full or forbidden: the text is still on the screen
  }
}

export function forgetDrafts(): void {
  for (const name of Object.keys(localStorage)) if (name.startsWith(prefix)) localStorage.removeItem(name);
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false;
  const draft = value as Record<string, unknown>;
  return (
    (draft.mode === 'note' || draft.mode === 'reply') &&
    typeof draft.text === 'string' &&
    (draft.transition === null || typeof draft.transition === 'string') &&
    typeof draft.version === 'number' &&
    (draft.request_id === null || typeof draft.request_id === 'string')
  );
}
