import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNothingUnwanted, hasRoute, openBrowser, picture, signIn } from './desk';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const sizes = { large: { width: 1440, height: 900 }, wide: { width: 1280, height: 900 }, tablet: { width: 820, height: 1180 }, phone: { width: 390, height: 844 } };

describe.runIf(await hasRoute('/complaints'))('screens', () => {
  test.each([
    ['dieuphoi', { '/complaints?tab=all': 'all', '/complaints?tab=due': 'due', '/templates': 'templates', '/overview': 'overview', '/plan': 'plan', '/reports': 'reports' }],
    ['canbo', { '/complaints': 'mine' }],
    ['quantri', { '/staff': 'staff', '/audit': 'audit', '/account': 'account', '/operations': 'operations', '/unknown': 'unknown', '/procedures': 'procedures', '/procedures/1.004194': 'procedure' }],
  ])('%s sees them whole at every size', { timeout: 300_000 }, async (who, pages) => {
    const { page, watch } = await signIn(browser, who, sizes.large);
    for (const [path, name] of Object.entries(pages)) {
      await page.goto(path);
      await page.getByRole('status', { name: 'Đang tải' }).first().waitFor({ state: 'detached' });
      await page.waitForLoadState('load');
      expect(await page.getByRole('alert').count(), path).toBe(0);
      for (const [size, viewport] of Object.entries(sizes)) {
        await page.setViewportSize(viewport);
        await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), { message: `${path} ${size}` }).toBeLessThanOrEqual(0);
        if (viewport.width >= sizes.wide.width) expect(await page.locator('.top nav').evaluate((nav) => nav.scrollWidth - nav.clientWidth), `${path} ${size}`).toBe(0);
        await picture(page, `${name}-${size}`);
      }
    }
    expectNothingUnwanted(watch);
    await page.context().close();
  });
});
