import { createHmac } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askApi, expectNothingUnwanted, openBrowser, openPage, picture, signIn, staffUrl } from './desk';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

test('whoever signs in is known until they sign out', async () => {
  const { page, watch } = await signIn(browser, 'quantri');
  await page.reload();
  await page.getByRole('button', { name: /Quản trị/ }).click();
  await page.getByRole('menuitem', { name: 'Tài khoản của tôi' }).click();
  await page.getByRole('heading').first().waitFor();
  await picture(page, 'account');
  await page.getByRole('button', { name: /Quản trị/ }).click();
  await page.getByRole('menuitem', { name: 'Đăng xuất' }).click();
  await page.getByRole('heading', { name: 'Đăng nhập' }).waitFor();
  expect(await askApi<{ stage: string }>(page, '/session')).toMatchObject({ stage: 'signed_out' });
  expectNothingUnwanted(watch);
  await page.context().close();
});

test('a wrong password says no more than a wrong name', async () => {
  const { page } = await openPage(browser);
  const said: string[] = [];
  for (const name of ['quantri', 'khong-co-ai']) {
    await page.goto('/');
    await page.getByLabel('Tên đăng nhập').fill(name);
    await page.locator('input[autocomplete=current-password]').fill('mot-mat-khau-sai');
    const answered = page.waitForResponse(`${staffUrl}/api/v1/session`);
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await answered;
    said.push(await page.getByRole('alert').innerText());
  }
  expect(said[0]).not.toBe('');
  expect(said[1]).toBe(said[0]);
  await picture(page, 'sign-in-refused');
  await page.context().close();
});

/** RFC 6238 with SHA-1, 30 s and six digits, as the authenticators on phones do it. */
function totpCode(secret: string, at = Date.now()): string {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((each) => parseInt(each, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  return ((hash.readUInt32BE(hash[19]! & 15) & 0x7fffffff) % 1_000_000).toString().padStart(6, '0');
}

test('a new account sets its password, then signs in with an authenticator', { timeout: 120_000 }, async () => {
  const admin = await signIn(browser, 'quantri');
  await admin.page.goto('/staff');
  await admin.page.getByRole('button', { name: 'Thêm tài khoản' }).click();
  const dialog = admin.page.getByRole('dialog');
  await dialog.getByLabel('Tên đăng nhập').fill('nguoi.moi');
  await dialog.getByLabel('Họ tên').fill('Người Mới');
  await dialog.getByRole('textbox', { name: 'Đơn vị' }).click();
  await admin.page.getByRole('option', { name: 'Sở Tư pháp' }).click();
  await picture(admin.page, 'staff-add', false);
  await dialog.getByRole('button', { name: 'Tạo tài khoản' }).click();
  const temporary = await dialog.locator('code').innerText();
  await picture(admin.page, 'staff-password', false);
  await dialog.getByRole('button', { name: 'Đã ghi lại' }).click();

  const password = 'mot cau dai de nho';
  const { page, watch } = await openPage(browser);
  const signInWith = async (secret: string) => {
    await page.goto('/');
    await page.getByLabel('Tên đăng nhập').fill('nguoi.moi');
    await page.locator('input[autocomplete=current-password]').fill(secret);
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
  };
  await signInWith(temporary);
  await page.getByRole('heading', { name: 'Đặt mật khẩu mới' }).waitFor();
  await page.getByLabel('Mật khẩu hiện tại').fill(temporary);
  await page.getByLabel(/^Mật khẩu mới/).fill(password);
  await page.getByLabel('Nhập lại mật khẩu mới').fill(password);
  await picture(page, 'password-change');
  await page.getByRole('button', { name: 'Đổi mật khẩu' }).click();
  await page.getByRole('button', { name: /^Người Mới/ }).waitFor();

  await page.goto('/account');
  await page.getByRole('button', { name: 'Bật', exact: true }).click();
  await page.getByLabel('Mật khẩu hiện tại').last().fill(password);
  await page.getByRole('button', { name: 'Lấy mã QR' }).click();
  const secret = (await page.locator('code').innerText()).replace(/\s/g, '');
  await picture(page, 'totp-enrolment');
  const step = Math.floor(Date.now() / 30_000);
  await page.getByLabel('Mã 6 số ứng dụng đang hiện').fill(totpCode(secret));
  await page.getByRole('button', { name: 'Xác nhận' }).click();
  await page.getByText('Đã bật bước xác thực thứ hai').waitFor();

  await page.context().clearCookies();
  await signInWith(password);
  await page.getByRole('heading', { name: 'Mã xác thực' }).waitFor();
  await page.getByLabel('Mã 6 số').fill('000000');
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.getByRole('alert').waitFor();
  await picture(page, 'totp');
  // Each code is good once: the next one, which a phone that is a little ahead shows already.
  await page.getByLabel('Mã 6 số').fill(totpCode(secret, (step + 1) * 30_000));
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.getByRole('button', { name: /^Người Mới/ }).waitFor();
  expect(await askApi<{ stage: string }>(page, '/session')).toMatchObject({ stage: 'active' });
  expectNothingUnwanted(watch);
  await admin.page.context().close();
  await page.context().close();
});
