/** Accounts elsewhere, with the provider that a development instance has of its own. */
import type { Page } from '@playwright/test';
import { expect, newMember, test, type Person } from '../../fixtures';
import { signInWithPassword } from '../../flows/sign-in';
import { backendOf, instanceWith } from '../../stack/instance';
import type { Instance } from '../../stack/stack';

const settings = { social: { test_provider: true } };

const go = (page: Page, instance: Instance, path: string) => page.goto(`${instance.frontend_api_url}${path}`);

/** Goes to the provider and says there who one is. */
async function continueWithProvider(page: Page, { email }: Pick<Person, 'email'>) {
  await page.getByRole('button', { name: /verger test/i }).click();
  await page.locator('input[name=email_address]').fill(email);
  await page.locator('input[name=first_name]').fill('Pomona');
  await page.locator('input[name=last_name]').fill('Grove');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
}

async function expectProfile(page: Page, instance: Instance, email: string) {
  await expect(page).toHaveURL(`${instance.frontend_api_url}/user`);
  await expect(page.getByText(email).first()).toBeVisible();
}

test('a visitor signs up with an account elsewhere, and signs in with it', async ({ page, person, stack }) => {
  const instance = await instanceWith(stack, settings);
  await go(page, instance, '/sign-up');
  await continueWithProvider(page, person);
  await expectProfile(page, instance, person.email);
  const { data } = await backendOf(instance).users.getUserList({ emailAddress: [person.email] });
  expect(data.map(user => [user.firstName, user.passwordEnabled, user.externalAccounts.length])).toEqual([['Pomona', false, 1]]);

  await page.context().clearCookies();
  await go(page, instance, '/sign-in');
  await continueWithProvider(page, person);
  await expectProfile(page, instance, person.email);
  expect(await backendOf(instance).users.getCount()).toBe(1);
});

test('a sign-in with an account that nobody has becomes a sign-up', async ({ page, person, stack }) => {
  const instance = await instanceWith(stack, settings);
  await go(page, instance, '/sign-in');
  await continueWithProvider(page, person);
  await expectProfile(page, instance, person.email);
});

test('a member whose address the provider vouches for is signed in', async ({ page, stack }) => {
  const instance = await instanceWith(stack, settings);
  const member = await newMember(backendOf(instance));
  await go(page, instance, '/sign-in');
  await continueWithProvider(page, member);
  await expectProfile(page, instance, member.email);
  expect((await backendOf(instance).users.getUser(member.id)).externalAccounts).toHaveLength(1);

  await page.context().clearCookies();
  await go(page, instance, '/sign-in');
  await signInWithPassword(page, member);
  await expectProfile(page, instance, member.email);
});
