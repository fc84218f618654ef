/** Passwords, each on an instance of its own, in the components of the Account Portal. */
import type { Page } from '@playwright/test';
import { expect, newMember, newPerson, test } from '../../fixtures';
import { Inbox } from '../../flows/inbox';
import { enterCode, enterIdentifier, enterPassword, proceed, resetPassword, signInWithPassword, signUp } from '../../flows/sign-in';
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

test('the form says what a password lacks while it is typed', async ({ page, stack }) => {
  const instance = await instanceWith(stack, {
    password: { min_length: 10, require_uppercase: true, require_numbers: true, show_zxcvbn: true, min_zxcvbn_strength: 3 },
  });
  const person = newPerson();
  await go(page, instance, '/sign-up');
  await page.locator('input[name=emailAddress]').fill(person.email);
  const password = page.locator('input[name=password]');
  for (const [text, told] of [
    ['short', /must contain 10 or more characters/],
    ['long enough but plain', /must contain a number and an uppercase letter/],
    ['Summer2019', /not strong enough.*less common/],
    [person.password, /meets all the necessary requirements/],
  ] as const) {
    await password.fill(text);
    await expect(page.getByTestId(/^form-feedback/).filter({ hasText: told })).toBeVisible();
  }
  await signUp(page, person, new Inbox(instance));
  await expectSignedIn(page, instance);
});

test('the server has the last word about a password', async ({ page, stack }) => {
  const person = newPerson();
  for (const [strength, text, told] of [
    [3, 'Summer2019', /not strong enough.*less common.*Capitalize more than the first letter/],
    [0, person.email, /cannot match your email address/],
    [0, 'password123', /part of a breach/],
  ] as const) {
    const feedback = (told: RegExp) => page.getByTestId(/^form-feedback/).filter({ hasText: told });
    const instance = await instanceWith(stack, { password: { min_zxcvbn_strength: strength } });
    await go(page, instance, '/sign-up');
    await page.locator('input[name=emailAddress]').fill(person.email);
    await page.locator('input[name=password]').fill(text);
    // The form's own verdict comes a moment after the typing, and would take the place of the server's.
    await expect(feedback(/meets all the necessary requirements/)).toBeVisible();
    await proceed(page);
    await expect(feedback(told)).toBeVisible();
    await signUp(page, person, new Inbox(instance));
    await expectSignedIn(page, instance);
  }
});

test('whoever has a compromised password signs in another way and sets a new one first', async ({ page, stack }) => {
  const instance = await instanceWith(stack, {});
  const [inbox, backend] = [new Inbox(instance), backendOf(instance)];
  const member = await newMember(backend);
  await backend.users.setPasswordCompromised(member.id);
  await go(page, instance, '/sign-in');
  await signInWithPassword(page, member);
  await expect(page.getByRole('heading', { name: 'Password compromised' })).toBeVisible();
  await page.getByRole('button', { name: /email code to/i }).click();
  await enterCode(page, await inbox.code(member.email));

  await expect(page).toHaveURL(/\/tasks\/reset-password/);
  const renewed = { ...member, password: newPerson().password };
  await page.locator('input[name=newPassword]').fill(renewed.password);
  await page.locator('input[name=confirmPassword]').fill(renewed.password);
  await page.getByRole('button', { name: 'Reset Password', exact: true }).click();
  await expect(page).not.toHaveURL(/\/tasks\//);
  await expectSignedIn(page, instance);

  await startOver(page, instance);
  await signInWithPassword(page, renewed);
  await expectSignedIn(page, instance);
});

test('a member with an authenticator app sets a new password and is still asked for the app', async ({ page, stack }) => {
  const instance = await instanceWith(stack, { multi_factor: { authenticator_app: true } });
  const backend = backendOf(instance);
  const [member, secret] = [newPerson(), 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'];
  await backend.users.createUser({ emailAddress: [member.email], password: member.password, totpSecret: secret });
  const { password } = newPerson();
  await go(page, instance, '/sign-in');
  await resetPassword(page, member, password, new Inbox(instance));
  await expect(page).toHaveURL(/\/factor-two/);
  await enterCode(page, totp(secret));
  await expectSignedIn(page, instance);

  await startOver(page, instance);
  await enterIdentifier(page, member.email);
  await enterPassword(page, password);
  await enterCode(page, totp(secret, Date.now() + 30_000));
  await expectSignedIn(page, instance);
});
