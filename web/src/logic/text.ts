// Texts of citizens and staff: counting and showing them.

/** Code points of the NFC form: what the limit of 2,000 counts. */
export function countCharacters(text: string): number {
  return [...text.normalize('NFC')].length;
}

export interface TextPart {
  text: string;
  /** A character that would change how the text looks without being seen: shown by its number. */
  control: boolean;
}

// Bidirectional controls, zero-width characters, C0 and C1 controls but tab and line feed. ZWJ (U+200D) stays: emoji need it.
const controls =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

export function splitControls(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  for (const match of text.matchAll(controls)) {
    if (match.index > done) parts.push({ text: text.slice(done, match.index), control: false });
    const number = match[0].codePointAt(0) ?? 0;
    parts.push({ text: number.toString(16).toUpperCase().padStart(4, '0'), control: true });
    done = match.index + match[0].length;
  }
  if (done < text.length) parts.push({ text: text.slice(done), control: false });
  return parts;
}

/** Lower case without marks, for finding among names: "Đất đai" is found by "dat". */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
}

export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  const [value, unit] = size < 1024 * 1024 ? [size / 1024, 'KB'] : [size / (1024 * 1024), 'MB'];
  return `${value.toLocaleString('vi-VN', { maximumFractionDigits: 1 })} ${unit}`;
}
