import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Citizen, fileComplaint } from './citizen';
import { askApi, expectNothingUnwanted, hasRoute, openBrowser, openCase, picture, signIn } from './desk';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const tabs = { mine: 'Của tôi', unassigned: 'Chưa phân công', open: 'Đang mở', due: 'Quá hạn / sắp quá hạn', all: 'Tất cả' };

/** The numbers on the tabs are those of the API, and the rows are as many as they say. */
async function expectNumbersOfApi(page: Page): Promise<void> {
  await page.goto('/complaints?tab=all');
  const { counts, total, items } = await askApi<{ counts: Record<string, number>; total: number; items: unknown[] }>(page, '/complaints?tab=all');
  for (const [tab, title] of Object.entries(tabs)) {
    const count = counts[tab]!.toLocaleString('vi-VN').replaceAll('.', '\\.');
    await page.getByRole('tab', { name: new RegExp(`^${title}\\s*${count}$`) }).waitFor();
  }
  await page.getByText(`1–${items.length} trong ${total.toLocaleString('vi-VN')}`).waitFor();
  expect(await page.locator('tbody tr').count()).toBe(items.length);
}

/** Chooses in one of the searchable lists of a dialog. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('dialog').getByRole('textbox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
}

/** Writes what the citizen will read, looks at the preview and sends it. */
async function sendReply(page: Page, text?: string): Promise<void> {
  if (text !== undefined) await page.getByLabel('Nội dung trả lời người dân').fill(text);
  await page.getByRole('button', { name: 'Xem trước…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Gửi', exact: true }).click();
  await page.getByRole('button', { name: 'Hoàn tác', exact: true }).first().waitFor();
}

const casework = await hasRoute('/complaints/PA-261122-0001X/transitions', 'POST');

describe.runIf(await hasRoute('/complaints'))('complaints', () => {
  test.runIf(casework)('a complaint, from the chat to its end', { timeout: 180_000 }, async () => {
    const coordinator = await signIn(browser, 'dieuphoi');
    const officer = await signIn(browser, 'canbo');
    // A citizen files with two photos and a place; the desk sees it arrive.
    await coordinator.page.goto('/complaints?tab=unassigned&sort=updated&order=desc');
    await coordinator.page.getByRole('tab', { name: tabs.unassigned, selected: true }).waitFor();
    const citizen = await Citizen.named('Người Thử');
    const code = await fileComplaint(citizen, 'Sáng nay cán bộ bộ phận một cửa hách dịch, quát tôi trước mặt mọi người.', { photos: 2 });
    await coordinator.page.getByRole('link', { name: code }).waitFor();
    await picture(coordinator.page, 'list');

    // The coordinator gives it to a unit, whose officer takes it.
    await officer.page.goto('/complaints?tab=unassigned&sort=updated&order=desc');
    await openCase(coordinator.page, code);
    await picture(coordinator.page, 'case');
    await coordinator.page.getByRole('button', { name: 'Tiếp nhận xử lý' }).click();
    await choose(coordinator.page, 'Đơn vị xử lý', 'Sở Tư pháp');
    await coordinator.page.getByRole('dialog').getByRole('button', { name: 'Tiếp nhận xử lý' }).click();
    await citizen.hears('Sở Tư pháp');
    await officer.page.getByRole('link', { name: code }).click();
    await officer.page.getByRole('heading', { name: code }).waitFor();
    await officer.page.keyboard.press('i');
    await officer.page.getByText('Tôi', { exact: true }).waitFor();

    // More is asked for and given.
    await officer.page.getByRole('button', { name: 'Yêu cầu bổ sung' }).click();
    await sendReply(officer.page, 'Anh/chị cho biết tên thủ tục và ngày nộp.');
    await picture(officer.page, 'case-held');
    await citizen.hears('gửi thêm', 'tên thủ tục');
    await citizen.choose('Gửi bổ sung');
    await citizen.hears('xong');
    await citizen.say('Đăng ký khai sinh, nộp ngày 12.');
    await citizen.hears('đã ghi');
    await citizen.say('xong');
    await citizen.hears('Đã nhận phần bổ sung');
    await officer.page.getByText('Đăng ký khai sinh, nộp ngày 12.').waitFor();

    // The answer comes from the shipped template of the category.
    await officer.page.getByRole('button', { name: 'Tiếp nhận xử lý' }).click();
    await officer.page.getByRole('dialog').getByRole('button', { name: 'Tiếp nhận xử lý' }).click();
    await officer.page.getByRole('button', { name: 'Trả lời', exact: true }).click();
    await sendReply(officer.page);
    await citizen.hears(`Trả lời phản ánh ${code}`, 'xin lỗi anh/chị');
    await picture(officer.page, 'case-answered');

    // The citizen is not content.
    await citizen.say('2');
    await citizen.hears('2/5');
    await officer.page.getByText('2/5 ★').waitFor();
    await citizen.choose('Mở lại');
    await citizen.hears('vì sao');
    await citizen.say('Hôm nay tôi tới vẫn bị nói lớn tiếng.');
    await citizen.hears('đã được mở lại');

    // It goes to another unit, is answered again, and closes.
    await openCase(coordinator.page, code);
    await coordinator.page.keyboard.press('a');
    await choose(coordinator.page, 'Đơn vị', 'Sở Nội vụ');
    await coordinator.page.getByLabel('Lý do (nội bộ, ghi vào nhật ký)').fill('Đúng chức năng');
    await picture(coordinator.page, 'assign');
    await coordinator.page.getByRole('dialog').getByRole('button', { name: 'Phân công' }).click();
    await coordinator.page.getByRole('dialog').waitFor({ state: 'detached' });
    await coordinator.page.getByRole('button', { name: 'Trả lời', exact: true }).click();
    await sendReply(coordinator.page);
    await citizen.hears('Trả lời phản ánh');
    await coordinator.page.getByRole('button', { name: 'Đóng', exact: true }).click();
    await coordinator.page.getByRole('dialog').locator('button[type=submit]').click();
    await citizen.hears('đã kết thúc');

    const { state } = await askApi<{ state: string }>(coordinator.page, `/complaints/${code}`);
    expect(state).toBe('closed');
    await expectNumbersOfApi(coordinator.page);
    await expectNumbersOfApi(officer.page);
    expectNothingUnwanted(coordinator.watch, officer.watch);
    await coordinator.page.context().close();
    await officer.page.context().close();
  });

  test('hostile text is text', async () => {
    const hostile = 'cán bộ hách dịch <img src=x onerror=alert(1)><script>alert(2)</script> \u202Etxet\u202C \u0007 {{mã}} \u200Bhết';
    const citizen = await Citizen.named('<b onmouseover=alert(3)>Thử</b>');
    const code = await fileComplaint(citizen, hostile);
    const { page, watch } = await signIn(browser, 'dieuphoi');
    await page.goto(`/complaints?tab=all&q=${code}`);
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    await openCase(page, code);
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    await page.getByText('<script>alert(2)</script>').first().waitFor();
    expect(await page.locator('.said img, .said script, .said svg, .said b').count()).toBe(0);
    expect(await page.locator('.said .control').count()).toBeGreaterThan(0);
    await picture(page, 'hostile');
    expectNothingUnwanted(watch);
    await page.context().close();
  });

  test.runIf(casework)('of two people on one case the second sees what the first did', async () => {
    const citizen = await Citizen.named('Hai Người');
    const code = await fileComplaint(citizen, 'Cán bộ hách dịch khi tôi hỏi thủ tục.');
    const first = await signIn(browser, 'dieuphoi');
    const second = await signIn(browser, 'dieuphoi');
    await openCase(first.page, code);
    await openCase(second.page, code);
    await second.page.getByRole('button', { name: 'Sửa…' }).click();
    await second.page.getByRole('dialog').waitFor();
    await first.page.keyboard.press('a');
    await choose(first.page, 'Đơn vị', 'Sở Tư pháp');
    await first.page.getByRole('dialog').getByRole('button', { name: 'Phân công' }).click();
    await first.page.getByRole('dialog').waitFor({ state: 'detached' });
    await second.page.getByRole('dialog').getByLabel('Mã trên Cổng Dịch vụ công quốc gia').fill('PAKN-1');
    await second.page.getByRole('dialog').locator('button[type=submit]').click();
    await second.page.getByText('Có người vừa thay đổi trước').waitFor();
    await second.page.getByRole('dialog').getByText('Sở Tư pháp').first().waitFor();
    await picture(second.page, 'stale');
    await second.page.getByRole('button', { name: 'Vẫn thực hiện trên bản mới' }).click();
    await second.page.getByText('PAKN-1').first().waitFor();
    const stored = await askApi<{ unit_id: string; national_code: string }>(second.page, `/complaints/${code}`);
    expect(stored).toMatchObject({ unit_id: 'demo-justice', national_code: 'PAKN-1' });
    expectNothingUnwanted(first.watch, second.watch);
    await first.page.context().close();
    await second.page.context().close();
  });
});
