import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRoute, openBrowser, picture, signIn } from './desk';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const sizes = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

describe.runIf(await hasRoute('/complaints')).each(Object.entries(sizes))('screens, %s', (size, viewport) => {
  test.each([
    ['dieuphoi', '/complaints?tab=all', 'all'],
    ['dieuphoi', '/complaints?tab=due', 'due'],
    ['canbo', '/complaints', 'mine'],
    ['dieuphoi', '/templates', 'templates'],
    ['quantri', '/staff', 'staff'],
    ['quantri', '/audit', 'audit'],
    ['quantri', '/account', 'account'],
  ])('%s sees %s whole', async (who, path, name) => {
    const { page, watch } = await signIn(browser, who, viewport);
    await page.goto(path);
    await page.getByRole('status', { name: 'Đang tải' }).first().waitFor({ state: 'detached' });
    await page.waitForLoadState('load');
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    await picture(page, `${name}-${size}`);
    expect(watch).toEqual({ violations: [], foreign: [], failures: [] });
    await page.context().close();
  });
});
