import type { Page } from '@playwright/test';
import { expect, type Person } from '../fixtures';
import type { Inbox } from './inbox';

/** The steps of the prebuilt <SignIn/> and <SignUp/>, the same in the app and in the Account Portal. */
export const proceed = (page: Page) => page.getByRole('button', { name: 'Continue', exact: true }).click();

export const enterCode = (page: Page, code: string) => page.getByLabel('Enter verification code').fill(code);

export async function enterIdentifier(page: Page, email: string) {
  await page.locator('input[name=identifier]').fill(email);
  await proceed(page);
}

export async function enterPassword(page: Page, password: string) {
  // The first step has a hidden password field too, for password managers; this is about the second step.
  await expect(page.getByRole('heading', { name: 'Enter your password' })).toBeVisible();
  await page.locator('input[name=password]').fill(password);
  await proceed(page);
}

export async function signInWithPassword(page: Page, { email, password }: Person) {
  await enterIdentifier(page, email);
  await enterPassword(page, password);
}

export async function signInWithCode(page: Page, { email }: Person, inbox: Inbox) {
  await enterIdentifier(page, email);
  await page.getByRole('link', { name: 'Use another method' }).click();
  await page.getByRole('button', { name: /email code to/i }).click();
  await enterCode(page, await inbox.code(email));
}

export async function resetPassword(page: Page, { email }: Person, newPassword: string, inbox: Inbox) {
  await enterIdentifier(page, email);
  await page.getByRole('link', { name: 'Forgot password?' }).click();
  await page.getByRole('button', { name: 'Reset your password' }).click();
  await enterCode(page, await inbox.code(email));
  await page.locator('input[name=password]').fill(newPassword);
  await page.locator('input[name=confirmPassword]').fill(newPassword);
  await page.getByRole('button', { name: 'Reset Password', exact: true }).click();
}

export async function signUp(page: Page, { email, password }: Person, inbox: Inbox) {
  await page.locator('input[name=emailAddress]').fill(email);
  await page.locator('input[name=password]').fill(password);
  await proceed(page);
  await enterCode(page, await inbox.code(email));
}
