import { createHash } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report, ReportCell, ReportTable } from '../src/api/types';
import { dayOf } from '../src/logic/time';
import { Citizen } from './citizen';
import { askApi, expectNothingUnwanted, openBrowser, picture, signIn } from './desk';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  const [first, second, third] = await Promise.all([Citizen.named('Người Thử Một'), Citizen.named('Người Thử Hai'), Citizen.named('Người Thử Ba')]);
  for (const [who, texts] of [
    [first!, ['BINHNUOC', 'làm giấy khai sinh cho con cần giấy tờ gì', 'xyz qwerty asdf', 'lệ phí bao nhiêu']],
    [second!, ['bình nước', 'đăng ký kết hôn', 'gặp cán bộ']],
    [third!, ['xin chào', 'đăng ký tạm trú ở đâu', 'xyz qwerty asdf']],
  ] as const)
    for (const text of texts) await who.say(text);
});
afterAll(() => browser.close());

const today = dayOf(Date.now());
const thisYear = Number(today.slice(0, 4));
const years = `from=${thisYear - 1}-01-01&to=${thisYear}-12-31`; // last month too, whatever the month
const lastMonth = new Date(Date.UTC(thisYear, Number(today.slice(5, 7)) - 2, 15)).toISOString().slice(0, 10);
const tablesOf = (report: Report): ReportTable[] => [...report.sections.flatMap(({ tables }) => tables), ...report.annexes];
const plain = (text: string) => text.replace(/\s+/g, ' ').trim();

async function opened(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.locator('[role=status][aria-label="Đang tải"]').first().waitFor({ state: 'detached' });
}

/** How many rows the figure says there are; null for a time, which is no number of rows. */
function rowsOf({ type, value, part }: ReportCell): number | null {
  return type === 'number' ? (value as number) : type === 'share' ? part! : null;
}

/** Of entries the quantities count, of corrections the entries. */
const countsQuantity = (rows: string): boolean => rows.startsWith('entries') && !rows.includes('made=');

test('what is entered by hand counts, is corrected and withdrawn', async () => {
  const { page, watch } = await signIn(browser, 'dieuphoi');
  await opened(page, '/plan');
  const activity = page.locator('[data-activity="II.5"]');
  const keyword = activity.locator('[data-keyword=BINHNUOC]');
  const handedOut = async () => plain(await keyword.locator('td').nth(2).innerText());
  await keyword.getByRole('button', { name: 'Nhập số đã phát của BINHNUOC' }).click();
  await page.getByLabel('Số lượng').fill('250');
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect.poll(handedOut).toBe('250');
  await keyword.getByRole('button', { name: 'Nhập số đã phát của BINHNUOC' }).click();
  await page.getByLabel('Số lượng').fill('1500');
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect.poll(handedOut).toBe('1.750');
  await activity.getByText(/^Đã nhập tay/).click();
  await activity.locator('details tr', { hasText: '250' }).getByRole('button', { name: 'Sửa' }).click();
  await page.getByLabel('Số lượng').fill('300');
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect.poll(handedOut).toBe('1.800');
  await activity.locator('details tr', { hasText: '1.500' }).getByRole('button', { name: 'Rút' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rút' }).click();
  await expect.poll(handedOut).toBe('300');

  const training = page.locator('[data-activity="II.1"]');
  await training.getByRole('button', { name: 'Nhập kết quả II.1.d1' }).click();
  await page.getByLabel('Số lượng').fill('3');
  await page.getByLabel('Số người tham gia').fill('120');
  await page.getByLabel('Ngày thực hiện').fill(lastMonth);
  await page.getByLabel('Liên kết minh chứng').fill('https://tayninh.gov.vn/tap-huan');
  const attach = async (bytes: number) => {
    const buffer = Buffer.alloc(bytes, 'Biên bản tập huấn\n');
    await page.getByRole('dialog').locator('input[type=file]').setInputFiles({ name: 'Biên bản tập huấn.txt', mimeType: 'text/plain', buffer });
    return buffer;
  };
  await attach(4 * 1024 * 1024 + 1);
  await page.getByText('Tệp lớn hơn 4 MB').waitFor();
  expect(await page.getByRole('button', { name: 'Lưu' }).isDisabled()).toBe(true);
  const minutes = await attach(4 * 1024 * 1024);
  await picture(page, 'plan-entry', false);
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect.poll(async () => plain(await training.innerText())).toContain('Số người tham gia: 120 người');
  await training.getByText(/^Đã nhập tay/).click();
  const evidence = await training.getByRole('link', { name: 'Biên bản tập huấn.txt' }).getAttribute('href');
  const kept = await page.evaluate(async (address) => {
    const answer = await fetch(address);
    const hash = await crypto.subtle.digest('SHA-256', await answer.arrayBuffer());
    return { headers: Object.fromEntries(answer.headers), hash: [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
  }, evidence!);
  expect(kept.hash).toBe(createHash('sha256').update(minutes).digest('hex'));
  expect(kept.headers['content-disposition']).toMatch(/^attachment/);
  expect(kept.headers['x-content-type-options']).toBe('nosniff');
  await picture(page, 'plan-wide');

  await keyword.getByRole('button', { name: 'Xem mã QR của BINHNUOC' }).click();
  await expect.poll(() => page.locator('img.qr').evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true);
  await picture(page, 'plan-qr', false);
  for (const [format, begin] of [['png', '\x89PNG'], ['svg', '<svg']] as const) {
    const bytes = await page.evaluate(async (address) => (await (await fetch(address)).text()).slice(0, 8), `/api/v1/plans/2020/keywords/BINHNUOC/qr?format=${format}`);
    expect(bytes.replace('\ufffd', '\x89').startsWith(begin)).toBe(true);
  }
  expectNothingUnwanted(watch);
  await page.context().close();
});

test('every figure of the report is the API’s and the files’', async () => {
  const { page, watch } = await signIn(browser, 'dieuphoi');
  const report = await askApi<Report>(page, `/plans/2020/report?${years}`);
  await opened(page, `/reports?${years}`);
  for (const table of tablesOf(report)) {
    const shown = page.locator(`[data-table="${table.id}"] tbody tr`);
    const texts = await shown.evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
    const wanted = table.rows.map(({ cells }) => table.columns.map(({ id }) => cells[id]!.words + (cells[id]!.link ? ' minh chứng' : '')));
    expect(texts.map((row) => row.map((text) => plain(text!))), table.id).toEqual(wanted.length === 0 ? [['Không có số liệu trong kỳ.']] : wanted.map((row) => row.map(plain)));
  }
  await page.getByText('điều chỉnh số liệu của tháng đã qua').waitFor();
  await picture(page, 'reports-wide');
  await picture(page, 'reports-top', false);

  const file = (format: string) => page.evaluate(async (address) => {
    const answer = await fetch(address);
    return { status: answer.status, name: answer.headers.get('content-disposition'), text: await answer.text() };
  }, `/api/v1/plans/2020/report/file?${years}&mask_small=false&format=${format}`);
  const json = await file('json');
  expect(JSON.parse(json.text)).toEqual(report);
  const csv = await file('csv');
  for (const table of tablesOf(report)) {
    const lines = csv.text.slice(csv.text.indexOf(table.title)).split('\r\n');
    for (const [index, { cells }] of table.rows.entries())
      for (const cell of table.columns.map(({ id }) => cells[id]!))
        if (cell.type === 'number') expect(lines[index + 2]!.split(','), `${table.id} ${index}`).toContain(String(cell.value));
  }
  for (const format of ['docx', 'xlsx']) {
    const { status, name, text } = await file(format);
    expect([status, text.slice(0, 2)]).toEqual([200, 'PK']);
    expect(name).toContain(`bao-cao-${thisYear - 1}-01-01`);
  }
  expectNothingUnwanted(watch);
  await page.context().close();
});

test('every figure of the report has as many rows as it says', async () => {
  const { page } = await signIn(browser, 'dieuphoi');
  const report = await askApi<Report>(page, `/plans/2020/report?${years}`);
  const counted = tablesOf(report)
    .flatMap(({ id, rows }) => rows.flatMap(({ cells }) => Object.entries(cells).map(([column, cell]) => ({ id, cell, participants: column === 'participants' || cells.measure?.words === 'Số người tham gia' }))))
    .filter(({ cell }) => cell.rows !== undefined && cell.type !== 'none');
  expect(counted.length).toBeGreaterThan(200);
  // One after the other, but from within the page: a round trip for each costs more than the answer.
  const figures = [...new Set(counted.map(({ cell }) => cell.rows!))];
  const found = await page.evaluate(async (queries) => {
    const all: Record<string, { total: number; quantity: number; participants: number }> = {};
    for (const query of queries) all[query] = await (await fetch(`/api/v1/reach/rows?figure=${encodeURIComponent(query)}`)).json();
    return all;
  }, figures);
  for (const { id, cell, participants } of counted) {
    const { total, quantity, participants: people } = found[cell.rows!]!;
    const wanted = rowsOf(cell);
    if (wanted === null) expect(total, cell.rows).toBeGreaterThan(0);
    else expect(!countsQuantity(cell.rows!) ? total : participants ? people : quantity, `${id}: ${cell.rows}`).toBe(wanted);
  }
  await page.context().close();
}, 180_000);

test('clicking a figure lists exactly that many rows', async () => {
  const { page, watch } = await signIn(browser, 'dieuphoi');
  const report = await askApi<Report>(page, `/plans/2020/report?${years}`);
  await opened(page, `/reports?${years}`);
  for (const id of ['general', 'complaints', 'activities', 'keywords', 'unknown', 'corrections']) {
    const table = tablesOf(report).find((one) => one.id === id)!;
    const cells = table.rows.flatMap(({ cells: each }) => table.columns.map((column) => each[column.id]!)).filter(({ rows, type }) => rows !== undefined && type !== 'none');
    const buttons = page.locator(`[data-table="${id}"] button.figure`);
    let zeros = 0; // one is enough
    expect(await buttons.count()).toBe(cells.length);
    for (const [index, cell] of cells.entries()) {
      const wanted = rowsOf(cell);
      if (wanted === null || (wanted === 0 && zeros++ > 0)) continue;
      await buttons.nth(index).click();
      const drawer = page.getByRole('dialog');
      if (wanted === 0) await drawer.getByText('Không có dòng nào.').waitFor();
      else {
        await drawer.locator('tbody tr').first().waitFor();
        for (let more = drawer.getByRole('button', { name: 'Xem thêm' }); (await more.count()) > 0; ) {
          const before = await drawer.locator('tbody tr').count();
          await more.click();
          await expect.poll(() => drawer.locator('tbody tr').count()).toBeGreaterThan(before);
        }
        const entries = countsQuantity(cell.rows!);
        if (entries) expect(await drawer.getByRole('status').getAttribute('data-quantity'), cell.rows).toBe(String(wanted));
        else expect(await drawer.locator('tbody tr').count(), cell.rows).toBe(wanted);
        if (index === 0 || entries) await picture(page, `rows-${id}`, false);
      }
      await page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'detached' });
    }
  }
  expectNothingUnwanted(watch);
  await page.context().close();
}, 180_000);

test('the overview shows the figures of the report', async () => {
  const { page, watch } = await signIn(browser, 'dieuphoi');
  await opened(page, '/overview');
  const [from, to] = [`${today.slice(0, 8)}01`, new Date(Date.UTC(Number(today.slice(0, 4)), Number(today.slice(5, 7)), 0)).toISOString().slice(0, 10)];
  const report = await askApi<Report>(page, `/plans/2020/report?from=${from}&to=${to}`);
  const figures = new Map(tablesOf(report).find(({ id }) => id === 'annex_1')!.rows.map(({ cells }) => [cells.current!.kpi, cells]));
  const tiles = page.locator('.tile');
  await tiles.first().waitFor();
  for (const tile of await tiles.all()) {
    const cells = figures.get((await tile.getAttribute('data-kpi'))!)!;
    expect(plain(await tile.locator('.big').innerText())).toBe(plain(cells.current!.words));
  }
  expect(await tiles.count()).toBe(10);
  const { items } = await askApi<{ items: Record<string, number>[] }>(page, `/reach/days?from=${from}&to=${to}`);
  for (const [day, kpi] of [['contacts', 'contacts'], ['sessions', 'sessions'], ['questions', 'questions'], ['answered', 'answered'], ['not_understood', 'not_understood']] as const)
    expect(items.reduce((sum, one) => sum + one[day]!, 0), kpi).toBe(figures.get(kpi)!.current!.value);
  await picture(page, 'overview-wide');
  await page.keyboard.press('[');
  await page.getByRole('group', { name: 'Kỳ báo cáo' }).getByText(`Tháng ${Number(today.slice(5, 7)) === 1 ? 12 : Number(today.slice(5, 7)) - 1}/`).waitFor();
  expectNothingUnwanted(watch);
  await page.context().close();
});

test('a link is pulled without a session until it is revoked', async () => {
  const { page, watch } = await signIn(browser, 'quantri');
  await opened(page, '/reports');
  await page.getByRole('button', { name: 'Tạo liên kết' }).click();
  await page.getByLabel('Tên').fill('Bảng tính thử');
  await page.getByRole('button', { name: 'Tạo', exact: true }).click();
  const address = await page.getByLabel('Liên kết', { exact: true }).inputValue();
  await picture(page, 'report-link', false);
  const pulled = await fetch(`${address}?format=csv`);
  expect(pulled.status).toBe(200);
  expect(await pulled.text()).toContain('Kỳ báo cáo');
  await page.getByRole('button', { name: 'Xong' }).click();
  await page.getByRole('button', { name: 'Thu hồi Bảng tính thử' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Thu hồi' }).click();
  await expect.poll(async () => (await fetch(address)).status).toBe(404);
  expectNothingUnwanted(watch);
  await page.context().close();
});
