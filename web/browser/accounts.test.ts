import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askApi, openBrowser, openPage, picture, signIn, staffUrl } from './desk';

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
  expect(watch).toEqual({ violations: [], foreign: [], failures: [] });
  await page.context().close();
});

test('a wrong password says no more than a wrong name', async () => {
  const { page } = await openPage(browser);
  const said: string[] = [];
  for (const name of ['quantri', 'khong-co-ai']) {
    await page.goto('/');
    await page.getByLabel('Tên đăng nhập').fill(name);
    await page.getByLabel('Mật khẩu', { exact: true }).fill('mot-mat-khau-sai');
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
