import type { Overlay } from '../api/types';

export const overlayTitles: Record<keyof Overlay, string> = {
  short_name: 'Tên ngắn',
  aliases: 'Tên gọi thường dùng',
  fee_text: 'Mức thu của tỉnh',
  fee_resolution: 'Nghị quyết của HĐND tỉnh',
  fee_date: 'Ngày nghị quyết',
  receiving_place: 'Nơi tiếp nhận',
  hotline: 'Đường dây nóng',
  online: 'Mức trực tuyến',
  postal_return: 'Trả kết quả qua bưu chính',
  linked_codes: 'Thủ tục liên thông',
  source: 'Nguồn',
};

export const onlineNames = { unknown: 'Không nêu', none: 'Không có', partly: 'Một phần', fully: 'Toàn trình' };
export const yesNo = { unknown: 'Không nêu', yes: 'Có', no: 'Không' };

export const emptyOverlay: Overlay = {
  short_name: '', aliases: [], online: 'unknown', postal_return: 'unknown', fee_text: '', fee_resolution: '', fee_date: null, receiving_place: '', hotline: '', linked_codes: [], source: '',
};

function wordsOf(key: keyof Overlay, of: Overlay): string {
  if (key === 'online') return onlineNames[of.online];
  if (key === 'postal_return') return yesNo[of.postal_return];
  const value = of[key];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}

/** What a version changed from the one before it. */
export function overlayChanges(before: Overlay, after: Overlay): { title: string; before: string; after: string }[] {
  return (Object.keys(overlayTitles) as (keyof Overlay)[]).flatMap((key) => {
    const [old, now] = [wordsOf(key, before), wordsOf(key, after)];
    return old === now ? [] : [{ title: overlayTitles[key], before: old, after: now }];
  });
}

/** Lines of a text field, without blanks and repetitions. */
export const linesOf = (text: string): string[] => [...new Set(text.split('\n').map((line) => line.trim()).filter((line) => line !== ''))];
