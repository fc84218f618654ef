/** Phone numbers, each on an instance of its own, in the components of the Account Portal. */
import type { Page } from '@playwright/test';
import { randomInt } from 'node:crypto';
import { expect, newMember, test } from '../../fixtures';
import { Inbox } from '../../flows/inbox';
import { enterCode, proceed, signInWithPassword } from '../../flows/sign-in';
import { backendOf, instanceWith } from '../../stack/instance';
import type { Instance } from '../../stack/stack';

/** A number of the United States that is not one of the fictional ones: its codes come to the inbox. */
function newNumber() {
  const national = `202556${randomInt(1000, 9999)}`;
  return { national, number: `+1${national}` };
}

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

test('a number signs up and signs in by the code sent to it', async ({ page, stack }) => {
  const instance = await instanceWith(stack, {
    attributes: {
      email_address: { enabled: false },
      password: { enabled: false },
      phone_number: { enabled: true, required: true },
    },
  });
  const inbox = new Inbox(instance);
  const { national, number } = newNumber();
  await go(page, instance, '/sign-up');
  await page.locator('input[name=phoneNumber]').fill(national);
  await proceed(page);
  await enterCode(page, await inbox.code(number));
  await expectSignedIn(page, instance);
  const { data } = await backendOf(instance).users.getUserList({ phoneNumber: [number] });
  expect(data).toHaveLength(1);

  await startOver(page, instance);
  await page.locator('input[name=identifier]').fill(national);
  await proceed(page);
  await enterCode(page, await inbox.code(number));
  await expectSignedIn(page, instance);
});

test('a member adds a number and is asked for its code after the password', async ({ page, stack }) => {
  const instance = await instanceWith(stack, {
    attributes: { phone_number: { enabled: true } },
    multi_factor: { phone_code: true, authenticator_app: true, backup_codes: true },
  });
  const [inbox, backend] = [new Inbox(instance), backendOf(instance)];
  const member = await newMember(backend);
  const { national, number } = newNumber();
  await go(page, instance, '/sign-in');
  await signInWithPassword(page, member);
  await expectSignedIn(page, instance);
  await page.getByRole('button', { name: 'Add phone number' }).click();
  await page.locator('input[name=phoneNumber]').fill(national);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await enterCode(page, await inbox.code(number));
  await expect(page.getByText('Primary').last()).toBeVisible();

  await go(page, instance, '/user/security');
  await page.getByRole('button', { name: 'Add two-step verification' }).click();
  await page.getByRole('menuitem', { name: 'SMS code' }).click();
  await page.getByRole('button', { name: new RegExp(national.slice(-4)) }).click();
  // The first second factor comes with backup codes, shown once.
  await expect(page.locator('p').filter({ hasText: /^[a-z0-9]{8}$/, visible: true })).toHaveCount(10);
  expect((await backend.users.getUser(member.id)).twoFactorEnabled).toBe(true);

  await startOver(page, instance);
  await signInWithPassword(page, member);
  await enterCode(page, await inbox.code(number));
  await expectSignedIn(page, instance);
});
