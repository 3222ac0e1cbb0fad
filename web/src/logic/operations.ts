// Wording of the operator's figures.

export const outboxStates: Record<string, string> = {
  pending: 'Chờ gửi',
  sending: 'Đang gửi',
  sent: 'Đã gửi',
  delivered: 'Đã tới máy',
  seen: 'Đã xem',
  retry: 'Sẽ gửi lại',
  unknown: 'Chưa rõ đã tới chưa',
  waiting: 'Chờ người dân nhắn lại',
  dead: 'Không gửi nữa',
};

export const purposes = { answer: 'Trả lời', notice: 'Thông báo', promotion: 'Tuyên truyền' };

const units = ['B', 'KB', 'MB', 'GB', 'TB'];
/** 1536 -> "1,5 KB" */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    ++unit;
  }
  return `${value.toLocaleString('vi-VN', { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

export interface OutboxPart {
  state: string;
  reason: string;
  count: number;
  oldest_at: string;
}
/** Counts by state, in the order of a message's life; states without a message are left out. */
export function byState(parts: readonly OutboxPart[]): { state: string; count: number; oldest_at: string }[] {
  return Object.keys(outboxStates).flatMap((state) => {
    const own = parts.filter((part) => part.state === state);
    if (own.length === 0) return [];
    return [{ state, count: own.reduce((sum, { count }) => sum + count, 0), oldest_at: own.map(({ oldest_at }) => oldest_at).sort()[0]! }];
  });
}

/** Why messages did not go out, most frequent first. */
export const reasonsOf = (parts: readonly OutboxPart[]): OutboxPart[] =>
  parts.filter(({ reason }) => reason !== '').sort((left, right) => right.count - left.count);
