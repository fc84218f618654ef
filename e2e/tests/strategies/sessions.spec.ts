/** Acting as a user, and several users in one browser. */
import type { Page } from '@playwright/test';
import { backendFor, expect, newMember, test } from '../../fixtures';
import { claimsOf, enter, expectDashboard, expectOwnHeader, menuEntry, openUserButton } from '../../flows/session';
import { signInWithPassword } from '../../flows/sign-in';

const claims = async (page: Page) => JSON.parse(await page.getByTestId('token-claims').innerText());

/** On one host the Account Portal's session cookie hides the app's, and is not for it: a page of the app puts that right. */
async function comeBack(page: Page, app: string) {
  await page.goto(app);
  await expectOwnHeader(page);
  await page.goto(`${app}/dashboard`);
}

test('somebody acts as a member by the address of an actor token, and leaves by the button on every page', async ({
  page,
  app,
  backend,
  member,
}) => {
  const support = await newMember(backend);
  await enter(page, support);
  await expect(page.getByTestId('actor')).toHaveCount(0);

  const actor = { sub: support.id };
  const { url } = await backend.actorTokens.create({ userId: member.id, actor, expiresInSeconds: 60 });
  await page.goto(url!);
  await expect(page).toHaveURL(new RegExp(`^${app.instance.frontend_api_url}/user`));
  await expect(page.getByText(member.email).first()).toBeVisible();

  await comeBack(page, app.url);
  await expectDashboard(page, member.email);
  await expect(page.getByTestId('actor')).toHaveText(support.id);
  await page.getByRole('button', { name: 'Get a session token' }).click();
  expect(await claims(page)).toMatchObject({ sub: member.id, act: actor, fva: [-1, -1] });
  const sessions = await backend.sessions.getSessionList({ userId: member.id, status: 'active' });
  expect(sessions.data.map(session => session.actor)).toEqual([actor]);

  const sign = page.locator('.cl-impersonationFab');
  await sign.hover();
  await expect(sign.getByText(`Signed in as ${member.email}`)).toBeVisible();
  await sign.getByText('Sign out').click();
  await expect(page.getByRole('button', { name: 'Sign in' }).first()).toBeVisible();
  await expect(sign).toHaveCount(0);
  // The ticket is used up.
  await page.goto(url!);
  await expect(page.getByText(/used already/i).first()).toBeVisible();
});

test('two users share a browser: each is switched to, and one signs out alone', async ({ page, stack }) => {
  const { shop } = stack.apps;
  const backend = backendFor(shop);
  const [first, second] = [await newMember(backend), await newMember(backend)];
  const home = () => comeBack(page, shop.url);

  await page.goto(`${shop.url}/dashboard`);
  await signInWithPassword(page, first);
  await expectDashboard(page, first.email);

  await openUserButton(page);
  await menuEntry(page, 'Add account').click();
  await expect(page).toHaveURL(url => url.href.startsWith(`${shop.instance.frontend_api_url}/sign-in`));
  await signInWithPassword(page, second);
  await expect(page).toHaveURL(`${shop.instance.frontend_api_url}/user`);
  await home();
  await expectDashboard(page, second.email);

  // The other one is in the menu.
  await expect(page.getByTestId('browser-email')).toHaveText(second.email);
  await openUserButton(page);
  await page.getByText(first.email).click();
  await expect(page).toHaveURL(`${shop.instance.frontend_api_url}/user`);
  await home();
  await expectDashboard(page, first.email);
  const cookies = await page.context().cookies(shop.url);
  const { value } = cookies.find(({ name }) => name.startsWith('__session_'))!;
  expect(claimsOf(value).sub).toBe(first.id);

  await expect(page.getByTestId('browser-email')).toHaveText(first.email);
  await openUserButton(page);
  const left = page.waitForResponse(answer => /\/sessions\/[^/]+\/remove/.test(answer.url()));
  await menuEntry(page, 'Sign out').first().click();
  expect((await left).ok()).toBe(true);
  await expect(page.getByRole('heading', { name: 'Choose an account' })).toBeVisible();
  await expect(page.getByText(first.email)).toHaveCount(0);
  await page.getByText(second.email).click();
  await expect(page).toHaveURL(`${shop.instance.frontend_api_url}/user`);
  await home();
  await expectDashboard(page, second.email);
  const kept = await backend.sessions.getSessionList({ userId: second.id, status: 'active' });
  const gone = await backend.sessions.getSessionList({ userId: first.id, status: 'active' });
  expect([kept.data.length, gone.data.length]).toEqual([1, 0]);
});
