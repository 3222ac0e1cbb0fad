import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Citizen, fileComplaint } from './citizen';
import { expectNothingUnwanted, openBrowser, openCase, picture, signIn } from './desk';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

test('who sent a complaint is shown for a reason, and what is published is edited beside the original', { timeout: 120_000 }, async () => {
  const citizen = await Citizen.named('Người Thử Riêng Tư');
  const code = await fileComplaint(citizen, 'Sáng nay cán bộ tên Bình ở quầy số 4 hách dịch, quát tôi trước mặt mọi người.');
  const { page, watch } = await signIn(browser, 'dieuphoi');
  await openCase(page, code);
  const sender = page.locator('section', { has: page.getByRole('heading', { name: 'Người gửi' }) });
  const hidden = await sender.innerText();
  expect(hidden).not.toMatch(/0\d{9}/);
  await sender.getByRole('button', { name: /^Hiện SĐT/ }).click();
  const dialog = page.getByRole('dialog');
  const show = dialog.getByRole('button', { name: 'Hiện', exact: true });
  await dialog.getByLabel('Vì sao cần xem').fill('gọi');
  expect(await show.isDisabled()).toBe(true);
  await dialog.getByLabel('Vì sao cần xem').fill('Gọi hỏi lại giờ xảy ra');
  await picture(page, 'reveal', false);
  await show.click();
  await expect.poll(() => sender.innerText()).toMatch(/0\d{9}/);

  await page.getByRole('button', { name: 'Biên tập' }).first().click();
  await dialog.getByLabel('Bản công khai').fill('Sáng nay cán bộ ở quầy số 4 hách dịch, quát tôi trước mặt mọi người.');
  await dialog.getByLabel('Lý do').fill('Bỏ tên cán bộ');
  await dialog.locator('del', { hasText: 'Bình' }).waitFor();
  await picture(page, 'moderation', false);
  await dialog.getByRole('button', { name: 'Lưu bản công khai' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('tên Bình').first().waitFor();
  await picture(page, 'moderated');
  expectNothingUnwanted(watch);
  await page.context().close();

  const admin = await signIn(browser, 'quantri');
  await admin.page.goto('/audit');
  await admin.page.getByLabel('Đối tượng').fill(code);
  await admin.page.getByText('Gọi hỏi lại giờ xảy ra').waitFor();
  await admin.page.getByText('Bỏ tên cán bộ').waitFor();
  await admin.page.getByRole('button', { name: 'Kiểm tra tính toàn vẹn' }).click();
  await admin.page.getByText('Nhật ký nguyên vẹn').waitFor();
  await picture(admin.page, 'audit-verified');
  expectNothingUnwanted(admin.watch);
  await admin.page.context().close();
});

test('a unit is added, moved below another and closed', { timeout: 60_000 }, async () => {
  const { page, watch } = await signIn(browser, 'quantri');
  await page.goto('/staff');
  await page.getByRole('tab', { name: 'Đơn vị' }).click();
  await picture(page, 'units');
  await page.getByRole('button', { name: 'Thêm đơn vị' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Tên đơn vị').fill('Bộ phận thử nghiệm');
  await picture(page, 'unit-add', false);
  await dialog.getByRole('button', { name: 'Lưu' }).click();
  const row = page.getByRole('row', { name: /Bộ phận thử nghiệm/ });
  await row.getByRole('button', { name: /^Sửa/ }).click();
  await dialog.getByRole('textbox', { name: /^Cấp trên/ }).click();
  await page.getByRole('option', { name: 'Sở Tư pháp' }).click();
  await dialog.getByLabel('Đang hoạt động').uncheck();
  await picture(page, 'unit-edit', false);
  await dialog.getByRole('button', { name: 'Lưu' }).click();
  await row.getByText('đã đóng').waitFor();
  await row.getByText('Sở Tư pháp').waitFor();
  await picture(page, 'units-closed');
  expectNothingUnwanted(watch);
  await page.context().close();
});
