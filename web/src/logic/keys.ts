// Every key of the desk: this table is what the code goes by and what the `?` sheet shows.

export const keys = [
  { keys: 'j', action: 'next', where: 'list', title: 'Dòng dưới' },
  { keys: 'k', action: 'previous', where: 'list', title: 'Dòng trên' },
  { keys: 'Enter', action: 'open', where: 'list', title: 'Mở phản ánh' },
  { keys: '/', action: 'search', where: 'list', title: 'Tìm kiếm' },
  { keys: 'g m', action: 'tab_mine', where: 'everywhere', title: 'Thẻ Của tôi' },
  { keys: 'g u', action: 'tab_unassigned', where: 'everywhere', title: 'Thẻ Chưa phân công' },
  { keys: 'g o', action: 'tab_open', where: 'everywhere', title: 'Thẻ Đang mở' },
  { keys: 'u', action: 'back', where: 'case', title: 'Về danh sách' },
  { keys: 'r', action: 'reply', where: 'case', title: 'Trả lời người dân' },
  { keys: 'n', action: 'note', where: 'case', title: 'Viết ghi chú nội bộ' },
  { keys: 'a', action: 'assign', where: 'case', title: 'Phân công' },
  { keys: 'i', action: 'take', where: 'case', title: 'Nhận việc' },
  { keys: 'e', action: 'answered', where: 'case', title: 'Trả lời và chuyển Đã trả lời' },
  { keys: 'E', action: 'answered_next', where: 'case', title: 'Trả lời, rồi sang phản ánh kế tiếp' },
  { keys: 'd', action: 'duplicates', where: 'case', title: 'Phản ánh có thể trùng' },
  { keys: '[', action: 'case_before', where: 'case', title: 'Phản ánh trước' },
  { keys: ']', action: 'case_after', where: 'case', title: 'Phản ánh sau' },
  { keys: '[', action: 'period_before', where: 'report', title: 'Kỳ trước' },
  { keys: ']', action: 'period_after', where: 'report', title: 'Kỳ sau' },
  { keys: '?', action: 'sheet', where: 'everywhere', title: 'Bảng phím tắt' },
  { keys: 'Ctrl+Enter', action: 'send', where: 'field', title: 'Gửi nội dung đang viết' },
] as const satisfies readonly { keys: string; action: string; where: Place; title: string }[];

/** Where a key works; `field` is the only one that does while a field has the focus. */
export type Place = 'list' | 'case' | 'report' | 'everywhere' | 'field';
export type Action = (typeof keys)[number]['action'];

export const places: Record<Place, string> = {
  everywhere: 'Mọi nơi',
  list: 'Danh sách',
  case: 'Trang phản ánh',
  report: 'Tổng quan, Báo cáo',
  field: 'Khi đang viết',
};

export interface Stroke {
  key: string;
  ctrl: boolean;
  other: boolean; // Alt, or a composition going on
  inField: boolean;
}

export interface Outcome {
  action: Action | null;
  /** The beginning of a sequence, to be given to the next call. */
  pending: string;
}

/** What a stroke means on a page that has the given places. `pending` is what the last stroke left. */
export function meaning(stroke: Stroke, here: readonly Place[], pending: string): Outcome {
  if (stroke.other) return { action: null, pending: '' };
  const written = (stroke.ctrl ? 'Ctrl+' : '') + stroke.key;
  const usable = keys.filter(({ where }) => (stroke.inField ? where === 'field' : where === 'everywhere' || here.includes(where)));
  for (const typed of pending === '' ? [written] : [`${pending} ${written}`, written]) {
    const found = usable.find((each) => each.keys === typed);
    if (found) return { action: found.action, pending: '' };
    if (usable.some((each) => each.keys.startsWith(`${typed} `))) return { action: null, pending: typed };
  }
  return { action: null, pending: '' };
}

export function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true], [role=combobox], [role=listbox]') !== null)
  );
}
