import type { Delivery, Message } from '../api/types';

export interface DeliveryMark {
  mark: string;
  title: string;
  tone: 'quiet' | 'good' | 'bad';
}

const marks: Record<Delivery, DeliveryMark> = {
  held: { mark: '◷', title: 'Chưa gửi, còn hoàn tác được', tone: 'quiet' },
  waiting_contact: { mark: '…', title: 'Sẽ gửi khi người dân nhắn lại', tone: 'quiet' },
  queued: { mark: '↑', title: 'Đang gửi', tone: 'quiet' },
  sent: { mark: '✓', title: 'Đã gửi', tone: 'good' },
  seen: { mark: '✓✓', title: 'Đã xem', tone: 'good' },
  failed: { mark: '✗', title: 'Không gửi được', tone: 'bad' },
};

/** The mark under a message; null for what the citizen said. */
export function deliveryMark(message: Pick<Message, 'delivery' | 'failure'>): DeliveryMark | null {
  if (message.delivery === null) return null;
  const mark = marks[message.delivery];
  return message.delivery === 'failed' && message.failure ? { ...mark, title: `${mark.title}: ${message.failure.title}` } : mark;
}

export const mayResend = (message: Pick<Message, 'delivery' | 'failure'>): boolean =>
  message.delivery === 'failed' && message.failure?.resendable === true;

export const mayTakeBack = (message: Pick<Message, 'delivery'>): boolean =>
  message.delivery === 'held' || message.delivery === 'waiting_contact';
