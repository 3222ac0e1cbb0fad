import { inflateRawSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Citizen } from './citizen';
import { askApi, expectNothingUnwanted, hasRoute, openBrowser, picture, signIn } from './desk';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const phone = { width: 390, height: 844 };

/** The files of a ZIP, as its directory lists them. */
function unzip(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; --left) {
    const [method, packed, nameLength] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28)];
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(begin, begin + packed);
    files.set(name, (method === 0 ? data : inflateRawSync(data)).toString('utf8'));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

async function download(page: Page, path: string): Promise<Buffer> {
  const text = await page.evaluate(async (target) => {
    const answer = await fetch(`/api/v1${target}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }, path);
  return Buffer.from(text, 'base64');
}

async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
}

describe.runIf(await hasRoute('/silence'))('content and operation', () => {
  test('the kill switch silences the machine and gives it back its voice', { timeout: 180_000 }, async () => {
    const { page, watch } = await signIn(browser, 'quantri');
    await page.goto('/operations');
    await page.getByRole('heading', { name: 'Nhận tin' }).waitFor();
    await page.getByRole('heading', { name: 'Tin không gửi nữa' }).waitFor();
    await picture(page, 'operations');
    const citizen = await Citizen.named('Người Bị Im');
    await citizen.say('lệ phí đăng ký tạm trú bao nhiêu');
    await citizen.hears('tạm trú');

    await page.getByRole('button', { name: 'Tắt trả lời tự động…' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Tắt trả lời tự động' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Lý do').fill('Máy trả lời sai mức thu');
    await picture(page, 'silence-dialog');
    await dialog.getByRole('button', { name: 'Tắt trả lời tự động' }).click();
    await page.getByText('Máy trả lời sai mức thu').waitFor();
    try {
      await citizen.say('lệ phí đăng ký tạm trú bao nhiêu');
      await citizen.hears('tạm dừng trả lời tự động', '1022');
      const other = await signIn(browser, 'canbo', phone);
      await other.page.getByText('Máy trả lời sai mức thu').waitFor();
      expect(await other.page.getByRole('button', { name: 'Bật lại…' }).count()).toBe(0);
      await fits(other.page);
      await picture(other.page, 'silence-banner-phone');
      await other.page.context().close();
      await page.goto('/audit');
      await page.getByText('Tắt trả lời tự động', { exact: true }).first().waitFor();
      await picture(page, 'silence-banner');
    } finally {
      await page.getByRole('button', { name: 'Bật lại…' }).click();
      await page.getByRole('dialog').getByLabel('Lý do').fill('Đã sửa xong');
      await page.getByRole('dialog').getByRole('button', { name: 'Bật lại trả lời tự động' }).click();
      await page.getByText('Trả lời tự động đang tắt').waitFor({ state: 'detached' });
    }
    await citizen.say('lệ phí đăng ký tạm trú bao nhiêu');
    expect(await citizen.hears('tạm trú')).not.toContain('tạm dừng');
    expectNothingUnwanted(watch);
    await page.context().close();
  });

  test('a sentence not understood is decided and stands in the export', { timeout: 120_000 }, async () => {
    const sentence = 'lăng nhăng lít nhít';
    const citizen = await Citizen.named('Người Nói Lạ');
    await citizen.say(sentence);
    await citizen.hears('chưa hiểu');
    const { page, watch } = await signIn(browser, 'quantri');
    await page.goto('/unknown');
    await page.getByText(sentence).waitFor();
    await picture(page, 'unknown');
    await page.getByRole('button', { name: `Xử lý ${sentence}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tìm thủ tục khác').fill('giấy khai sinh');
    await dialog.getByRole('button', { name: /^1\.001193/ }).click();
    await dialog.getByRole('radio', { name: /^1\.001193/, checked: true }).waitFor();
    await picture(page, 'unknown-decide');
    await dialog.getByRole('button', { name: 'Ghi quyết định' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(sentence).waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Đã quyết định' }).click();
    await page.getByText(sentence).waitFor();
    await page.getByText('Đúng là: tên gọi').first().waitFor();
    await picture(page, 'unknown-decided');

    const files = unzip(await download(page, '/unknown-messages/export'));
    expect(files.get('intents/procedures_aliases.yml')).toContain(`    - "${sentence}"`);
    expect(files.get('DOC-DAU-TIEN.txt')).toContain(sentence);
    await page.getByRole('button', { name: `Hoàn tác ${sentence}` }).click();
    await page.getByText('hoàn tác:').first().waitFor();
    expect(unzip(await download(page, '/unknown-messages/export')).get('intents/procedures_aliases.yml') ?? '').not.toContain(sentence);
    expectNothingUnwanted(watch);
    await page.context().close();
  });

  test('an edited fee stands in the chat after going live', { timeout: 180_000 }, async () => {
    const { page, watch } = await signIn(browser, 'quantri');
    await page.goto('/procedures');
    await page.getByLabel('Tìm', { exact: true }).fill('đăng ký tạm trú');
    await page.getByRole('link', { name: '1.004194' }).waitFor();
    await picture(page, 'procedures');
    await page.getByRole('link', { name: '1.004194' }).click();
    await page.getByRole('tab', { name: 'Phí, lệ phí' }).click();
    await picture(page, 'procedure');
    await page.getByRole('button', { name: 'Sửa phần của tỉnh…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Mức thu của tỉnh').fill('Lệ phí 7.531 đồng mỗi lần');
    await dialog.getByLabel('Nghị quyết của HĐND tỉnh').fill('Nghị quyết số 99/2026/NQ-HĐND');
    await dialog.getByLabel('Nguồn').fill('Nghị quyết của HĐND tỉnh');
    await dialog.getByLabel('Lý do sửa').fill('Mức thu mới từ tháng này');
    await picture(page, 'procedure-edit');
    await dialog.getByRole('button', { name: 'Lưu và đưa vào sử dụng' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Bản 1').waitFor();
    await page.locator('.bubble').getByText('7.531 đồng').waitFor({ timeout: 60_000 });
    await picture(page, 'procedure-edited');
    const citizen = await Citizen.named('Người Hỏi Phí');
    await citizen.say('lệ phí đăng ký tạm trú bao nhiêu');
    await citizen.hears('7.531 đồng', '99/2026/NQ-HĐND');
    const { edits } = await askApi<{ edits: { staff_id: string; reason: string }[] }>(page, '/procedures/1.004194');
    expect(edits).toMatchObject([{ staff_id: 'demo-admin', reason: 'Mức thu mới từ tháng này' }]);

    // A file is shown before it is taken.
    await page.goto('/procedures');
    await page.getByRole('button', { name: 'Nạp từ tệp…' }).click();
    await page.locator('input[type=file]').setInputFiles({
      name: 'duong-day-nong.yml',
      mimeType: 'application/yaml',
      buffer: Buffer.from('overlay_for: 1.000656\nsource: {name: Sở Tư pháp, as_of: 2026-11-01}\nlocal:\n  hotline: "0900 000 123"\n'),
    });
    await page.getByRole('dialog').getByText('phần của tỉnh', { exact: true }).waitFor();
    await picture(page, 'import-preview');
    await page.getByRole('dialog').getByRole('button', { name: 'Nạp 1 thủ tục' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const { overlay } = await askApi<{ overlay: { hotline: string } }>(page, '/procedures/1.000656');
    expect(overlay.hotline).toBe('0900 000 123');
    expectNothingUnwanted(watch);
    await page.context().close();
  });
});
