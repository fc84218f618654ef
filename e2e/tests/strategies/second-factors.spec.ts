/** Second factors, each on an instance of its own, in the components of the Account Portal. */
import type { Page } from '@playwright/test';
import { expect, newMember, test } from '../../fixtures';
import { Inbox } from '../../flows/inbox';
import { enterCode, proceed, signInWithPassword, signUp } from '../../flows/sign-in';
import { totp } from '../../flows/totp';
import { backendOf, instanceWith } from '../../stack/instance';
import type { Instance } from '../../stack/stack';

const go = (page: Page, instance: Instance, path: string) => page.goto(`${instance.frontend_api_url}${path}`);

/** Signed in with nothing left to do: the profile opens. */
async function expectSignedIn(page: Page, instance: Instance) {
  await expect(page).not.toHaveURL(/\/sign-(in|up)/);
  await go(page, instance, '/user');
  await expect(page.getByRole('heading', { name: 'Profile details' })).toBeVisible();
}

async function startOver(page: Page, instance: Instance) {
  await page.context().clearCookies();
  await go(page, instance, '/sign-in');
}

/** Enters the secret that stands beside the QR code into an app, and the app's first code into the form. */
async function enrollApp(page: Page): Promise<string> {
  await page.getByRole('button', { name: /can.t scan qr code/i }).click();
  const secret = await page.locator('input[readonly]').first().inputValue();
  await proceed(page);
  await enterCode(page, totp(secret));
  return secret;
}

/** The ten codes that are shown once. */
async function shownBackupCodes(page: Page): Promise<string[]> {
  const codes = page.locator('p').filter({ hasText: /^[a-z0-9]{8}$/, visible: true });
  await expect(codes).toHaveCount(10);
  return codes.allInnerTexts();
}

const factors = { authenticator_app: true, backup_codes: true };

test('a member signs in with an authenticator app, and with a backup code when it is lost', async ({ page, stack }) => {
  const instance = await instanceWith(stack, { multi_factor: factors });
  const member = await newMember(backendOf(instance));
  await go(page, instance, '/sign-in');
  await signInWithPassword(page, member);
  await expectSignedIn(page, instance);
  await go(page, instance, '/user/security');
  await page.getByRole('button', { name: 'Add two-step verification' }).click();
  await page.getByRole('menuitem', { name: 'Authenticator application' }).click();
  const secret = await enrollApp(page);
  const codes = await shownBackupCodes(page);

  await startOver(page, instance);
  await signInWithPassword(page, member);
  // The step of the first code is used up; the next one is taken early.
  await enterCode(page, totp(secret, Date.now() + 30_000));
  await expectSignedIn(page, instance);

  await startOver(page, instance);
  await signInWithPassword(page, member);
  // The step before has a link of the same name.
  await expect(page).toHaveURL(/\/factor-two/);
  await page.getByRole('link', { name: 'Use another method' }).click();
  await page.getByRole('button', { name: /backup code/i }).click();
  await page.locator('input[name=code]').fill(codes[0]);
  await proceed(page);
  await expectSignedIn(page, instance);
});

test('where a second factor is required, it is set up before anything else', async ({ page, person, stack }) => {
  const instance = await instanceWith(stack, { multi_factor: { ...factors, required: true } });
  await go(page, instance, '/sign-up');
  await signUp(page, person, new Inbox(instance));
  await expect(page).toHaveURL(/\/tasks\/setup-mfa/);
  // With one factor to choose there is no choice.
  await enrollApp(page);
  await shownBackupCodes(page);
  await page.getByRole('button', { name: /continue|finish/i }).last().click();
  await expectSignedIn(page, instance);
});
