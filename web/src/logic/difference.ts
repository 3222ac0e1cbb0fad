import { diffWordsWithSpace } from 'diff';

export interface DifferencePart {
  text: string;
  kind: 'same' | 'removed' | 'added';
}

/** What became of a text, word by word. */
export function difference(before: string, after: string): DifferencePart[] {
  return diffWordsWithSpace(before.normalize('NFC'), after.normalize('NFC')).map((part) => ({
    text: part.value,
    kind: part.added ? 'added' : part.removed ? 'removed' : 'same',
  }));
}
