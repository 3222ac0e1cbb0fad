import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Citizen, photo } from './citizen';
import { askApi, openBrowser, signIn } from './desk';
import { killServer } from './servers';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const restart = async () => (await killServer(inject('folder'))).start();

interface Case {
  attachments: { id: string; status: string }[];
  state: string;
  content: string;
}

/** Asks until it is so, at most 15 s. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((look) => setTimeout(look, 100))) if (await holds()) return;
  throw new Error(`${what} did not come about`);
}

test('a killed server loses nothing of a draft, a photo on its way and a held reply', { timeout: 180_000 }, async () => {
  const citizen = await Citizen.named('Mất Điện');
  await citizen.say('tôi muốn phản ánh');
  await citizen.hears('đồng ý');
  await citizen.say('1');
  await citizen.hears('xong');
  await citizen.say('Cán bộ hách dịch, đuổi tôi ra khỏi phòng.');
  await citizen.hears('đã ghi');
  // The photo is committed with its event; it is fetched behind that.
  await citizen.sendPhoto(photo);
  await restart();
  await citizen.hears('ảnh');
  await citizen.say('xong');
  await citizen.hears('Thái độ phục vụ');
  await restart();
  await citizen.say('1');
  await citizen.hears('ở đâu');
  await citizen.say('xã Long Thành Bắc');
  await citizen.hears('họ tên');
  await citizen.say('Trần Thị Thử 0900 000 001');
  await citizen.hears('địa chỉ');
  await citizen.say('ấp Ví Dụ, xã Long Thành Bắc');
  await citizen.hears('xem lại');
  await citizen.say('1');
  const code = /PA-\d{6}-\d{4,6}[A-Z]/.exec(await citizen.hears('PA-'))![0];

  const { page } = await signIn(browser, 'dieuphoi');
  const look = () => askApi<Case>(page, `/complaints/${code}`);
  expect((await look()).content).toBe('Cán bộ hách dịch, đuổi tôi ra khỏi phòng.');
  await until('the photo', async () => (await look()).attachments[0]?.status === 'stored');
  const [file] = (await look()).attachments;
  const bytes = await page.evaluate(async (id) => (await (await fetch(`/api/v1/attachments/${id}`)).arrayBuffer()).byteLength, file!.id);
  expect(bytes).toBe(photo.byteLength);

  // Within the ten seconds in which a reply can be undone; the session outlives the server as well.
  await page.goto(`/complaints/${code}`);
  await page.getByRole('button', { name: 'Yêu cầu bổ sung' }).click();
  await page.getByLabel('Nội dung trả lời người dân').fill('Anh/chị cho biết ngày giờ xảy ra.');
  await page.getByRole('button', { name: 'Xem trước…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Gửi', exact: true }).click();
  await page.getByRole('button', { name: 'Hoàn tác', exact: true }).first().waitFor();
  await restart();
  await citizen.hears('gửi thêm', 'ngày giờ xảy ra');
  await until('the new state', async () => (await look()).state === 'needs_more');
  await page.context().close();
});
