import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures';
import { Inbox } from '../../flows/inbox';
import { enterCode, enterIdentifier, proceed, signUp } from '../../flows/sign-in';
import { instanceWith } from '../../stack/instance';

async function open(page: Page, inbox: Inbox, email: string): Promise<Page> {
  const { links } = await inbox.next(email);
  const tab = await page.context().newPage();
  await tab.goto(links.find(link => link.includes('/v1/verify?token='))!);
  return tab;
}

test('a visitor signs up by a link, and later signs in by one', async ({ page, person, stack }) => {
  const byLink = { email_code: false, email_link: true };
  const instance = await instanceWith(stack, { sign_in: byLink, verifications: byLink });
  const [base, inbox] = [instance.frontend_api_url, new Inbox(instance)];

  await page.goto(`${base}/sign-up`);
  await page.locator('input[name=emailAddress]').fill(person.email);
  await page.locator('input[name=password]').fill(person.password);
  await proceed(page);
  await expect(page.getByText(/verification link/i).first()).toBeVisible();
  const tab = await open(page, inbox, person.email);
  await expect(tab).toHaveURL(`${base}/user`);
  await expect(tab.getByText(person.email).first()).toBeVisible();
  await tab.getByRole('button', { name: 'Sign out' }).click();
  await expect(tab).toHaveURL(/\/sign-in/);
  await page.close();

  // A link that was opened holds no later one back.
  await tab.goto(`${base}/sign-in`);
  await enterIdentifier(tab, person.email);
  await tab.getByRole('link', { name: 'Use another method' }).click();
  await tab.getByRole('button', { name: /email link to/i }).click();
  const second = await open(tab, inbox, person.email);
  await expect(second).toHaveURL(`${base}/user`);
  await expect(second.getByText(person.email).first()).toBeVisible();
  await expect(tab.getByText('Signed in on other tab')).toBeVisible();
});

test('a member adds an address, makes it primary and removes the old one', async ({ page, person, stack }) => {
  const instance = await instanceWith(stack, {});
  const [base, inbox] = [instance.frontend_api_url, new Inbox(instance)];
  const added = `new.${person.email}`;
  await page.goto(`${base}/sign-up`);
  await signUp(page, person, inbox);
  await expect(page).toHaveURL(`${base}/user`);

  await page.getByRole('button', { name: 'Add email address' }).click();
  await page.locator('input[name=emailAddress]').fill(added);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await enterCode(page, await inbox.code(added));
  const addresses = page.locator('.cl-profileSection__emailAddresses');
  await expect(page.getByLabel('Enter verification code')).toBeHidden();
  await expect(addresses.getByText(added)).toBeVisible();

  const menuOf = (email: string) => addresses.locator('.cl-profileSectionItem', { hasText: email }).getByRole('button');
  await menuOf(added).first().click();
  await page.getByRole('menuitem', { name: 'Set as primary' }).click();
  await expect(addresses.locator('.cl-profileSectionItem', { hasText: added }).getByText('Primary')).toBeVisible();

  const old = addresses.locator('.cl-profileSectionItem').filter({ hasNotText: added });
  await old.getByRole('button').first().click();
  await page.getByRole('menuitem', { name: 'Remove email' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(old).toHaveCount(0);
});
