import type { Page } from '@playwright/test';
import { backendFor, expect, newMember, test } from '../../fixtures';
import { offerNothing, plugInAuthenticator } from '../../flows/passkeys';
import { expectDashboard, signOut } from '../../flows/session';
import { signInWithPassword } from '../../flows/sign-in';
import type { Stack } from '../../stack/stack';

/** A member of the shop who has just made a passkey in the profile, with the profile still open. */
async function withPasskey(page: Page, { apps: { shop } }: Stack) {
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
  return { backend, member, passkeys };
}

/** Signs out, and comes back to the sign-in page, which is the Account Portal's. */
async function comeBack(page: Page, { apps: { shop } }: Stack) {
  await page.goto(`${shop.url}/dashboard`);
  await signOut(page);
  await page.goto(`${shop.url}/dashboard`);
}

test('a member makes a passkey in the app, names it, and signs in by the button on the portal', async ({ page, stack }) => {
  const { backend, member, passkeys } = await withPasskey(page, stack);
  await passkeys.getByRole('button', { name: 'Open menu' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.locator('input[name=passkeyName]').fill('Orchard laptop');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(passkeys.getByText('Orchard laptop')).toBeVisible();
  const { passkeys: seen } = (await backend.users.getUser(member.id)).raw as unknown as { passkeys: { name: string }[] };
  expect(seen.map(({ name }) => name)).toEqual(['Orchard laptop']);

  await offerNothing(page);
  await comeBack(page, stack);
  await page.getByRole('link', { name: 'Use passkey instead' }).click();
  await expectDashboard(page, member.email);
});

test('a member whose browser offers the passkey by itself signs in without a click', async ({ page, stack }) => {
  const { member } = await withPasskey(page, stack);
  await comeBack(page, stack);
  await expectDashboard(page, member.email);
});

test('a passkey that was removed no longer signs in', async ({ page, stack }) => {
  const { backend, member, passkeys } = await withPasskey(page, stack);
  await passkeys.getByRole('button', { name: 'Open menu' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(passkeys.getByText('Passkey', { exact: true })).toBeHidden();
  const { passkeys: left } = (await backend.users.getUser(member.id)).raw as unknown as { passkeys: unknown[] };
  expect(left).toEqual([]);

  await offerNothing(page);
  await comeBack(page, stack);
  await page.getByRole('link', { name: 'Use passkey instead' }).click();
  await expect(page.getByText(/passkey is not known here/i).last()).toBeVisible();
  await signInWithPassword(page, member);
  await expectDashboard(page, member.email);
});
