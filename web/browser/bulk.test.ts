import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Citizen, fileComplaint } from './citizen';
import { askApi, expectNothingUnwanted, openBrowser, picture, signIn } from './desk';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** Opens the dialog of an operation on the rows that are ticked. */
async function begin(page: Page, operation: string): Promise<void> {
  await page.getByRole('button', { name: 'Làm hàng loạt ▾' }).click();
  await page.getByRole('menuitem', { name: operation }).click();
  await page.getByRole('dialog').waitFor();
}
async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('dialog').getByRole('textbox', { name: new RegExp(`^${label}`) }).click();
  await page.getByRole('option', { name: option }).first().click();
}
async function previewAndRun(page: Page, possible: number, name: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Xem trước' }).click();
  await dialog.getByText('Chưa có gì được thực hiện').waitFor();
  await picture(page, name);
  await dialog.getByRole('button', { name: `Thực hiện với ${possible} phản ánh` }).click();
  await dialog.getByText(`Đã làm ${possible} phản ánh`).waitFor();
}

test('many complaints are taken in, assigned and labelled at once', { timeout: 120_000 }, async () => {
  const { page, watch } = await signIn(browser, 'dieuphoi');
  const people = [await Citizen.named('Một Thử'), await Citizen.named('Hai Thử')];
  const codes: string[] = [];
  for (const who of people) codes.push(await fileComplaint(who, 'Cán bộ hách dịch, nói trống không với tôi ở quầy số ba.'));

  const tick = async () => {
    await page.goto('/complaints?tab=all&sort=received&order=desc');
    for (const code of codes) await page.getByRole('row').filter({ hasText: code }).getByRole('checkbox').check();
    await page.getByText('Đã chọn 2 phản ánh').waitFor();
  };
  await tick();
  await picture(page, 'bulk-chosen');
  await begin(page, 'Chuyển trạng thái');
  await choose(page, 'Bước chuyển', 'Tiếp nhận xử lý');
  await choose(page, 'Đơn vị xử lý', 'Sở Tư pháp');
  await previewAndRun(page, 2, 'bulk-preview');
  await picture(page, 'bulk-done');
  await page.getByRole('dialog').getByRole('button', { name: 'Xong' }).click();
  for (const who of people) await who.hears('Sở Tư pháp');

  await tick();
  await begin(page, 'Phân công');
  await choose(page, 'Đơn vị', 'Sở Nội vụ');
  await page.getByRole('dialog').getByLabel('Lý do (nội bộ)').fill('Đúng chức năng');
  await previewAndRun(page, 2, 'bulk-assign');
  await page.getByRole('dialog').getByRole('button', { name: 'Xong' }).click();

  // What cannot be done says why, and nothing else is touched.
  await tick();
  await begin(page, 'Chuyển trạng thái');
  await choose(page, 'Bước chuyển', 'Công khai');
  await page.getByRole('dialog').getByRole('button', { name: 'Xem trước' }).click();
  await page.getByText('Trạng thái hiện tại của phản ánh không cho phép bước này.').first().waitFor();
  await picture(page, 'bulk-impossible');
  expect(await page.getByRole('button', { name: 'Thực hiện với 0 phản ánh' }).isDisabled()).toBe(true);

  for (const code of codes) {
    const stored = await askApi<{ state: string; unit_id: string; version: number }>(page, `/complaints/${code}`);
    expect(stored).toMatchObject({ state: 'processing', unit_id: 'demo-home', version: 3 });
  }
  expectNothingUnwanted(watch);
  await page.context().close();
});
