import { backendFor, expect, newMember, test } from '../../fixtures';
import { enter, expectDashboard, signOut } from '../../flows/session';
import { signInWithPassword } from '../../flows/sign-in';
import { Inbox } from '../../flows/inbox';

test('two instances of one server live side by side in one browser, and each signs out alone', async ({
  page,
  context,
  stack,
  app: root,
  member,
}) => {
  const { shop } = stack.apps;
  expect(shop.instance.frontend_api_url).toBe(`${root.instance.frontend_api_url}/i/shop`);
  const shopMember = await newMember(backendFor(shop));

  await enter(page, member);

  // The shop's sign-in page is the Account Portal of its own instance.
  const tab = await context.newPage();
  await tab.goto(`${shop.url}/dashboard`);
  await expect(tab).toHaveURL(url => url.href.startsWith(`${shop.instance.frontend_api_url}/sign-in`));
  await signInWithPassword(tab, shopMember);
  await expectDashboard(tab, shopMember.email);
  // The page is served readable before it is alive.
  await expect(tab.getByTestId('browser-email')).toHaveText(shopMember.email);
  await tab.getByRole('button', { name: 'Get a session token' }).click();
  const claims = JSON.parse(await tab.getByTestId('token-claims').innerText());
  expect(claims).toMatchObject({ sub: shopMember.id, iss: shop.instance.frontend_api_url, azp: shop.url });

  await page.reload();
  await expectDashboard(page, member.email);

  await signOut(page);
  await tab.reload();
  await expectDashboard(tab, shopMember.email);

  await enter(page, member);
  await signOut(tab);
  await page.reload();
  await expectDashboard(page, member.email);
});

test('an account of one instance is unknown to the other', async ({ page, stack, member }) => {
  const { shop } = stack.apps;
  await page.goto(`${shop.url}/`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(url => url.href.startsWith(`${shop.instance.frontend_api_url}/sign-in`));
  await page.locator('input[name=identifier]').fill(member.email);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page.getByText(/no account goes by/i).last()).toBeVisible();
  expect(await new Inbox(shop.instance).messages(member.email)).toEqual([]);
});

test('the SignInButton leads to the Account Portal and back, signed in', async ({ page, stack }) => {
  const { shop } = stack.apps;
  const member = await newMember(backendFor(shop));
  await page.goto(`${shop.url}/`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(url => url.href.startsWith(`${shop.instance.frontend_api_url}/sign-in`));
  await signInWithPassword(page, member);

  await expect(page).toHaveURL(`${shop.url}/`);
  await expect(page.getByTestId('session-state')).toHaveText('You are signed in.');
  await page.goto(`${shop.url}/dashboard`);
  await expectDashboard(page, member.email);
});
