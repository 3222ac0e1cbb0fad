import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNothingUnwanted, openBrowser, openPage, picture, staffUrl } from './desk';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** As sent: `fetch` would put the path in order first. */
function ask(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const { hostname, port } = new URL(staffUrl);
  return new Promise((done, failed) => get({ hostname, port, path, headers }, done).on('error', failed));
}

test('the page is the built desk, asked for anew, its files for ever', async () => {
  const page = await fetch(staffUrl);
  expect(page.status).toBe(200);
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const html = await page.text();
  const [script] = /\/assets\/index-[\w-]+\.js/.exec(html) ?? [];
  expect(script).toBeDefined();
  const file = await ask(script!, { 'accept-encoding': 'gzip, br' });
  expect(file.headers['content-encoding']).toBe('br');
  expect(file.headers['cache-control']).toContain('immutable');
  const again = await ask(script!, { 'accept-encoding': 'gzip, br', 'if-none-match': file.headers.etag! });
  expect(again.statusCode).toBe(304);
});

test.each(['/../../etc/passwd', '/assets/../../../../etc/passwd', '/assets/..%2f..%2fpackage.json', '/assets/%00'])('nothing but the desk is served: %s', async (path) => {
  const answer = await ask(path);
  let text = '';
  for await (const part of answer) text += part;
  expect(text).not.toMatch(/root:|"name"/);
});

test('the sign-in screen works under the policy and asks nobody else', async () => {
  const { page, watch } = await openPage(browser);
  await page.goto('/complaints?tab=open');
  await page.getByRole('heading', { name: 'Đăng nhập' }).waitFor();
  await page.evaluate(() => document.fonts.ready);
  expect(await page.evaluate(() => document.fonts.check('16px "Inter Variable"', 'Ợ'))).toBe(true);
  await picture(page, 'sign-in');
  expectNothingUnwanted(watch);
  await page.context().close();
});
