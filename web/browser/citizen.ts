import { inject } from 'vitest';

const simulatorUrl = inject('simulatorUrl');

interface ChatEntry {
  id: string;
  revision: number;
  from: 'citizen' | 'oa' | 'admin';
  text: string;
  hidden: boolean;
}

async function call(path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(simulatorUrl + path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

/** A citizen at the simulated platform, with a phone in hand. */
export class Citizen {
  private revision = 0;
  private heard: ChatEntry[] = [];
  private last = ''; // what was heard last
  private constructor(readonly id: string) {}

  static async named(name: string): Promise<Citizen> {
    const { id } = await call('/api/citizens', { name });
    return new Citizen(id as string);
  }

  private async act(what: string, body: unknown): Promise<void> {
    const { status } = await call(`/api/citizens/${this.id}/${what}`, body);
    if (status !== 200) throw new Error(`the server answered ${what} with ${String(status)}`);
  }
  say = (text: string) => this.act('text', { text });
  share = (latitude: number, longitude: number) => this.act('location', { latitude, longitude });
  /** Types the number of a choice of the message heard last. */
  async choose(title: string): Promise<void> {
    const number = this.last.split('\n').find((line) => line.includes(title))?.match(/^\s*(\d+)/)?.[1];
    if (number === undefined) throw new Error(`"${title}" is not offered in: ${this.last}`);
    await this.say(number);
  }
  async sendPhoto(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const stored = await fetch(`${simulatorUrl}/api/files`, { method: 'POST', headers: { 'content-type': 'image/png' }, body: bytes });
    const { url } = (await stored.json()) as { url: string };
    await this.act('image', { url });
  }

  /** The next message that holds all the words, after those already heard; fails after 30 s. */
  async hears(...words: string[]): Promise<string> {
    const end = Date.now() + 30_000; // a reply is held for 10 s
    const seen: string[] = [];
    for (;;) {
      for (let entry = this.heard.shift(); entry; entry = this.heard.shift()) {
        const { from, text } = entry;
        if (from === 'citizen') continue;
        if (words.every((word) => text.toLowerCase().includes(word.toLowerCase()))) {
          this.last = text;
          return text;
        }
        seen.push(text);
      }
      const wait = Math.min(5000, end - Date.now());
      if (wait <= 0) throw new Error(`${words.join(' | ')} was not said, but: ${seen.join(' — ')}`);
      const { messages, last } = await call(`/api/citizens/${this.id}/messages?after=${this.revision}&wait_ms=${wait}`);
      this.heard.push(...(messages as ChatEntry[]).filter(({ id }) => !this.known.has(id)));
      for (const { id } of messages as ChatEntry[]) this.known.add(id);
      this.revision = last as number;
    }
  }
  private known = new Set<string>(); // a receipt shows a message again
}

/** A small picture: one that decoders take. */
export const photo = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
);

/** Files a complaint from the first word to the receipt; returns its code. */
export async function fileComplaint(who: Citizen, content: string, { name = 'Trần Thị Thử', photos = 0 } = {}): Promise<string> {
  await who.say('tôi muốn phản ánh');
  await who.hears('đồng ý');
  await who.say('1');
  await who.hears('xong');
  await who.say(content);
  await who.hears('đã ghi');
  for (let sent = 0; sent < photos; ++sent) {
    await who.sendPhoto(photo);
    await who.hears('ảnh');
  }
  await who.say('xong');
  await who.hears('Thái độ phục vụ');
  await who.say('1');
  await who.hears('ở đâu');
  await who.say('xã Long Thành Bắc');
  await who.hears('họ tên');
  await who.say(name);
  await who.hears('điện thoại');
  await who.say('0900 000 001');
  await who.hears('địa chỉ');
  await who.say('ấp Ví Dụ, xã Long Thành Bắc');
  await who.hears('xem lại');
  await who.say('1');
  const receipt = await who.hears('PA-');
  return /PA-\d{6}-\d{4,6}[A-Z]/.exec(receipt)![0];
}
