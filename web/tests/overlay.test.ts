import { expect, test } from 'vitest';
import { emptyOverlay, linesOf, overlayChanges } from '../src/logic/overlay';

test('a version shows only what it changed', () => {
  const after = { ...emptyOverlay, fee_text: '5.000 đồng', aliases: ['nhập khẩu', 'chuyển khẩu'], online: 'fully' as const };
  expect(overlayChanges(emptyOverlay, after)).toEqual([
    { title: 'Tên gọi thường dùng', before: '', after: 'nhập khẩu, chuyển khẩu' },
    { title: 'Mức thu của tỉnh', before: '', after: '5.000 đồng' },
    { title: 'Mức trực tuyến', before: 'Không nêu', after: 'Toàn trình' },
  ]);
  expect(overlayChanges(after, after)).toEqual([]);
});

test('lines are trimmed and not repeated', () => {
  expect(linesOf(' a \n\nb\na\n')).toEqual(['a', 'b']);
});
