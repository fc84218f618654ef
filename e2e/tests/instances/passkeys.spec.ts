import { backendFor, expect, newMember, test } from '../../fixtures';
import { plugInAuthenticator } from '../../flows/passkeys';
import { expectDashboard, signOut } from '../../flows/session';
import { signInWithPassword } from '../../flows/sign-in';

test('a member makes a passkey in the app, names it, and signs in by it on the portal', async ({ page, stack }) => {
  const { shop } = stack.apps;
  const backend = backendFor(shop);
  const member = await newMember(backend);
  await page.goto(`${shop.url}/dashboard`);
  await signInWithPassword(page, member);
  await expectDashboard(page, member.email);

  const device = await plugInAuthenticator(page);
  await device.attended(true);
  await page.goto(`${shop.url}/profile/security`);
  const passkeys = page.locator('.cl-profileSection__passkeys');
  await passkeys.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(passkeys.getByText('Passkey', { exact: true })).toBeVisible();
  expect(await device.held()).toBe(1);

  await passkeys.getByRole('button', { name: 'Open menu' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.locator('input[name=passkeyName]').fill('Orchard laptop');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(passkeys.getByText('Orchard laptop')).toBeVisible();
  const { passkeys: seen } = (await backend.users.getUser(member.id)).raw as unknown as { passkeys: { name: string }[] };
  expect(seen.map(({ name }) => name)).toEqual(['Orchard laptop']);
  await page.goto(`${shop.url}/dashboard`);
  await signOut(page);

  // The page asks for passkeys as soon as it can: nobody is at the device then.
  await device.attended(false);
  await page.goto(`${shop.url}/dashboard`);
  await expect(page).toHaveURL(url => url.href.startsWith(`${shop.instance.frontend_api_url}/sign-in`));
  const button = page.getByRole('link', { name: 'Use passkey instead' });
  await expect(button).toBeVisible();
  await device.attended(true);
  await button.click();
  await expectDashboard(page, member.email);
});
