import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keys } from '../src/logic/keys';
import { askApi, expectNothingUnwanted, openBrowser, picture, signIn } from './desk';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const listAddress = (url: URL) => url.pathname === '/api/v1/complaints';
const focusedCode = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.code ?? null);

test('the list and the case page are worked by the keyboard alone', async () => {
  const { page, watch } = await signIn(browser, 'dieuphoi');
  await page.goto('/complaints?tab=all');
  await page.locator('tbody tr').first().waitFor();
  const { items } = await askApi<{ items: { code: string }[] }>(page, '/complaints?tab=all');
  for (const [stroke, row] of [['j', 0], ['j', 1], ['j', 2], ['k', 1]] as const) {
    await page.keyboard.press(stroke);
    expect(await focusedCode(page)).toBe(items[row]!.code);
  }
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: items[1]!.code }).waitFor();
  await page.keyboard.press(']');
  await page.getByRole('heading', { name: items[2]!.code }).waitFor();
  await page.keyboard.press('[');
  await page.getByRole('heading', { name: items[1]!.code }).waitFor();

  // In a field a letter is a letter.
  await page.keyboard.press('n');
  const note = page.getByLabel('Nội dung ghi chú nội bộ');
  await expect.poll(() => note.evaluate((field) => document.activeElement === field)).toBe(true);
  await page.keyboard.type('juri?');
  expect(await note.inputValue()).toBe('juri?');
  await note.fill('');
  await page.keyboard.press('Escape');

  await page.keyboard.press('d');
  await page.getByRole('dialog', { name: 'Phản ánh có thể trùng' }).waitFor();
  await page.getByRole('status', { name: 'Đang tải' }).waitFor({ state: 'detached' });
  await picture(page, 'duplicates', false);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Phím tắt' });
  for (const { title } of keys) await sheet.getByText(title, { exact: true }).first().waitFor();
  expect(await sheet.locator('dt').count()).toBe(keys.length);
  await picture(page, 'keys', false);
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });

  await page.keyboard.press('u');
  await page.getByRole('tab', { name: /^Tất cả/, selected: true }).waitFor();
  for (const [strokes, tab] of [['gm', 'Của tôi'], ['gu', 'Chưa phân công'], ['go', 'Đang mở']] as const) {
    for (const stroke of strokes) await page.keyboard.press(stroke);
    await page.getByRole('tab', { name: new RegExp(`^${tab}`), selected: true }).waitFor();
  }
  await page.keyboard.press('/');
  await page.keyboard.type(items[0]!.code);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: items[0]!.code }).waitFor();
  expectNothingUnwanted(watch);
  await page.context().close();
});

test('a list without rows, a refused one and a slow one say what is the matter', async () => {
  const { page, watch } = await signIn(browser, 'dieuphoi');
  await page.goto('/complaints?tab=all&q=khongcotunaonhuvay');
  await page.getByRole('heading', { name: 'Không có phản ánh nào khớp' }).waitFor();
  await picture(page, 'empty');
  await page.getByRole('button', { name: 'Bỏ lọc', exact: true }).click();
  await page.locator('tbody tr').first().waitFor();

  let answer: () => void = () => undefined;
  const answered = new Promise<void>((done) => (answer = done));
  await page.route(listAddress, async (route) => {
    await answered;
    await route.continue();
  });
  await page.goto('/complaints?tab=open');
  await page.getByRole('status', { name: 'Đang tải' }).waitFor();
  await picture(page, 'loading');
  answer();
  await page.locator('tbody tr').first().waitFor();

  await page.unroute(listAddress);
  await page.route(listAddress, (route) => route.fulfill({ status: 500, body: '' }));
  await page.goto('/complaints?tab=due');
  await page.getByRole('alert').waitFor();
  await picture(page, 'error');
  await page.unroute(listAddress);
  await page.getByRole('button', { name: 'Thử lại' }).click();
  await page.locator('tbody tr').first().waitFor();
  expectNothingUnwanted(watch);
  await page.context().close();
});

test('a lost connection is told and loses no text', async () => {
  const { page, watch } = await signIn(browser, 'dieuphoi');
  await page.goto('/complaints?tab=open');
  await page.locator('tbody tr a').first().click();
  await page.getByLabel('Nội dung ghi chú nội bộ').fill('Đã gọi điện cho người dân.');
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Lưu ghi chú' }).click();
  await page.getByRole('alert').getByText('Nội dung đang viết vẫn được giữ').waitFor();
  await picture(page, 'offline', false);
  await page.context().setOffline(false);
  await page.reload();
  expect(await page.getByLabel('Nội dung ghi chú nội bộ').inputValue()).toBe('Đã gọi điện cho người dân.');
  await page.getByRole('button', { name: 'Lưu ghi chú' }).click();
  await page.getByText('Đã lưu ghi chú').waitFor();
  await page.getByRole('tab', { name: 'Ghi chú nội bộ' }).click();
  await page.getByRole('log').getByText('Đã gọi điện cho người dân.').waitFor();
  await picture(page, 'case-notes');
  expectNothingUnwanted(watch);
  await page.context().close();
});
