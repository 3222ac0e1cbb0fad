import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';

export const staffUrl = inject('staffUrl');

const screenshots = process.env.MOTCUA_SCREENSHOTS; // a folder to put pictures of the screens into

/** What must never happen on any page: collected while it is open. */
export interface Watch {
  violations: string[]; // of the content security policy
  foreign: string[]; // requests to another origin
  failures: string[]; // exceptions and dialogs
}

/** Nothing of that has happened on these pages. */
export function expectNothingUnwanted(...all: Watch[]): void {
  for (const watch of all) expect(watch).toEqual({ violations: [], foreign: [], failures: [] });
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.MOTCUA_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page of its own, as another person's browser: no cookie is shared. */
export async function openPage(browser: Browser, size = { width: 1280, height: 900 }): Promise<{ page: Page; watch: Watch }> {
  const context = await browser.newContext({ baseURL: staffUrl, viewport: size, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const watch: Watch = { violations: [], foreign: [], failures: [] };
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) watch.violations.push(message.text());
  });
  page.on('pageerror', (error) => watch.failures.push(String(error)));
  page.on('dialog', (dialog) => {
    watch.failures.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${staffUrl}/`)) watch.foreign.push(request.url());
  });
  return { page, watch };
}

export async function picture(page: Page, name: string, whole = true): Promise<void> {
  if (screenshots === undefined) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: whole });
}

/** Of the demonstration: printed by the server, good nowhere else. */
const password = 'trinh-dien-mot-cua';

/** A page of somebody who has signed in at the screen. */
export async function signIn(browser: Browser, userName: string, size?: { width: number; height: number }): Promise<{ page: Page; watch: Watch }> {
  const opened = await openPage(browser, size);
  const { page } = opened;
  await page.goto('/');
  await page.getByLabel('Tên đăng nhập').fill(userName);
  await page.locator('input[autocomplete=current-password]').fill(password);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByRole('button', { name: /▾$/ }).first().waitFor();
  return opened;
}

export async function openCase(page: Page, code: string): Promise<void> {
  await page.goto(`/complaints/${code}`);
  await page.getByRole('heading', { name: code }).waitFor();
}

/** What the API says to the person of the page. Asked by the page itself: its cookie is Secure, which only a browser sends to 127.0.0.1 without TLS. */
export async function askApi<Answer>(page: Page, path: string): Promise<Answer> {
  const { status, text } = await page.evaluate(async (target) => {
    const answer = await fetch(`/api/v1${target}`);
    return { status: answer.status, text: await answer.text() };
  }, path);
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return JSON.parse(text) as Answer;
}

/** False while the server lacks this part of the contract. */
export async function hasRoute(path: string, method = 'GET'): Promise<boolean> {
  return (await fetch(`${staffUrl}/api/v1${path}`, { method })).status !== 404;
}
