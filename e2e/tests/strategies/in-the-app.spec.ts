/** Passkeys and accounts elsewhere on pages of the app itself, in both majors of the components. */
import type { Page } from '@playwright/test';
import { backendFor, expect, newMember, newPerson, test } from '../../fixtures';
import { offerNothing, plugInAuthenticator } from '../../flows/passkeys';
import { expectDashboard, expectOwnHeader, signOut } from '../../flows/session';
import { signInWithPassword } from '../../flows/sign-in';
import type { App } from '../../stack/stack';

async function expectSignedIn(page: Page, app: App, email: string) {
  await expectOwnHeader(page);
  await page.goto(`${app.url}/dashboard`);
  return expectDashboard(page, email);
}

for (const [major, name] of [[7, 'shop'], [6, 'classic']] as const) {
  test.describe(`@clerk/nextjs ${major}`, () => {
    test('a visitor signs up and in with an account elsewhere', async ({ page, stack }) => {
      const app = stack.apps[name];
      const { email } = newPerson();
      const users = new Set();
      for (const path of ['/sign-up', '/sign-in']) {
        await page.goto(`${app.url}${path}`);
        await page.getByRole('button', { name: /verger test/i }).click();
        await page.locator('input[name=email_address]').fill(email);
        await page.getByRole('button', { name: 'Continue', exact: true }).click();
        await expect(page).toHaveURL(url => url.origin === app.url);
        users.add(await expectSignedIn(page, app, email));
        await signOut(page);
      }
      expect(users.size).toBe(1);
    });

    test('a member makes a passkey and signs in by it', async ({ page, stack }) => {
      const app = stack.apps[name];
      const member = await newMember(backendFor(app));
      await page.goto(`${app.url}/sign-in`);
      await signInWithPassword(page, member);
      await expectSignedIn(page, app, member.email);

      const device = await plugInAuthenticator(page);
      await device.attended(true);
      await page.goto(`${app.url}/profile/security`);
      const passkeys = page.locator('.cl-profileSection__passkeys');
      await passkeys.getByRole('button', { name: 'Add a passkey' }).click();
      await expect(passkeys.getByText('Passkey', { exact: true })).toBeVisible();

      await offerNothing(page);
      await page.goto(`${app.url}/dashboard`);
      await signOut(page);
      await page.goto(`${app.url}/sign-in`);
      await page.getByRole('link', { name: 'Use passkey instead' }).click();
      expect(await expectSignedIn(page, app, member.email)).toBe(member.id);
    });
  });
}
