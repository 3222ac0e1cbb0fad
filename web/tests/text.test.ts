import { describe, expect, it } from 'vitest';
import { difference } from '../src/logic/difference';
import { bytes, countCharacters, fold, splitControls } from '../src/logic/text';

describe('counting', () => {
  it.each([
    ['', 0], ['abc', 3], ['Tiếng Việt', 10], ['Tiếng Việt'.normalize('NFD'), 10], ['👍', 1], ['👨‍👩‍👧', 5], ['a\nb', 3],
  ])('%j has %i code points of NFC', (text, count) => {
    expect(countCharacters(text)).toBe(count);
  });
});

describe('characters that cannot be seen', () => {
  it('are shown by number, the rest unchanged', () => {
    expect(splitControls('a\u202Eb\u200Bc')).toEqual([
      { text: 'a', control: false }, { text: '202E', control: true }, { text: 'b', control: false }, { text: '200B', control: true }, { text: 'c', control: false },
    ]);
  });
  it.each(['\u0000', '\u001b', '\u007f', '\u00ad', '\u061c', '\u200e', '\u2028', '\u202a', '\u2066', '\u2069', '\ufeff'])('include %j', (control) => {
    expect(splitControls(control)).toEqual([{ text: control.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0'), control: true }]);
  });
  it.each(['Đường Nguyễn Huệ', 'một\nhai\tba', '👨‍👩‍👧', 'xin chào'.normalize('NFD')])('are not in %j', (text) => {
    expect(splitControls(text)).toEqual([{ text, control: false }]);
  });
});

describe('finding without marks', () => {
  it.each([['Đất đai', 'dat dai'], ['HỒ SƠ', 'ho so'], ['Trễ hẹn'.normalize('NFD'), 'tre hen']])('%s is %s', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });
});

describe('sizes', () => {
  it.each([[0, '0 B'], [1023, '1023 B'], [1536, '1,5 KB'], [5 * 1024 * 1024, '5 MB']])('%i is %s', (size, text) => {
    expect(bytes(size)).toBe(text);
  });
});

describe('difference', () => {
  const rebuilt = (before: string, after: string, without: 'added' | 'removed') =>
    difference(before, after).filter(({ kind }) => kind !== without).map(({ text }) => text).join('');
  it.each([
    ['', ''], ['', 'mới'], ['cũ', ''], ['giống nhau', 'giống nhau'],
    ['Anh Thử ở số 1, gọi 0900 000 012', 'Người gửi ở …, gọi …'], ['một\nhai\nba', 'một\nba\nbốn'], ['a  b', 'a b'],
  ])('of %j and %j holds both', (before, after) => {
    expect(rebuilt(before, after, 'added')).toBe(before);
    expect(rebuilt(before, after, 'removed')).toBe(after);
  });
  it('goes by words', () => {
    expect(difference('hẹn ngày mai', 'hẹn ngày kia')).toEqual([
      { text: 'hẹn ngày ', kind: 'same' }, { text: 'mai', kind: 'removed' }, { text: 'kia', kind: 'added' },
    ]);
  });
  it('sees no difference in another form of the same letters', () => {
    expect(difference('trễ hẹn', 'trễ hẹn'.normalize('NFD'))).toEqual([{ text: 'trễ hẹn', kind: 'same' }]);
  });
});
