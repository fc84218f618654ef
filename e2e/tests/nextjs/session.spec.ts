import type { Response } from '@playwright/test';
import { expect, test } from '../../fixtures';
import { claimsOf, enter, expectDashboard, sessionCookies } from '../../flows/session';

const isHandshake = (response: Response) => new URL(response.url()).pathname.endsWith('/v1/client/handshake');
const isTokenMint = (response: Response) => /\/v1\/client\/sessions\/[^/]+\/tokens$/.test(new URL(response.url()).pathname);

test('a lost session cookie comes back through the handshake', async ({ page, context, app, member }) => {
  await enter(page, member);
  for (const { name } of await sessionCookies(context, app)) await context.clearCookies({ name });
  expect(await sessionCookies(context, app)).toEqual([]);

  const handshake = page.waitForResponse(isHandshake);
  await page.goto('/dashboard');
  expect((await handshake).status()).toBe(307);
  expect(await expectDashboard(page, member.email)).toBe(member.id);
});

test('a token renews itself before its minute is over, and one that ran out leads through the handshake', async ({
  page,
  context,
  app,
  member,
}) => {
  test.setTimeout(150_000);
  await enter(page, member);
  const [{ value: first }] = await sessionCookies(context, app);

  // The page stays open: clerk-js asks for a new token by itself, before the old one ends.
  const renewal = await page.waitForResponse(isTokenMint, { timeout: 75_000 });
  const { jwt: second } = await renewal.json();
  expect(renewal.status()).toBe(200);
  expect(claimsOf(second).sid).toBe(claimsOf(first).sid);
  expect(Date.now() / 1000).toBeLessThan(claimsOf(first).exp);

  // The page is gone, and the token of its cookie is over: the first token stands in for a second minute of waiting.
  await page.goto('about:blank');
  const cookies = await sessionCookies(context, app);
  await context.addCookies(cookies.map(cookie => ({ ...cookie, value: first })));
  const skew = 6;
  await expect.poll(() => Date.now() / 1000, { timeout: 75_000 }).toBeGreaterThan(claimsOf(first).exp + skew);

  const handshake = page.waitForResponse(isHandshake);
  await page.goto('/dashboard');
  expect((await handshake).status()).toBe(307);
  expect(await expectDashboard(page, member.email)).toBe(member.id);
  const [{ value: third }] = await sessionCookies(context, app);
  expect(claimsOf(third).exp).toBeGreaterThan(Date.now() / 1000);
});

test('signing in here shows in another tab, signing out too', async ({ page, context, member }) => {
  const other = await context.newPage();
  await other.goto('/');
  await expect(other.getByRole('button', { name: 'Sign in' })).toBeVisible();

  await enter(page, member);
  await other.goto('/');
  await expect(other.getByRole('button', { name: 'Open user menu' })).toBeVisible();

  await page.evaluate(() => window.Clerk.signOut());
  await expect(other.getByRole('button', { name: 'Sign in' })).toBeVisible();
});
