import type { BrowserContext, Page } from '@playwright/test';
import { expect, type Person } from '../fixtures';
import type { App } from '../stack/stack';
import { signInWithPassword } from './sign-in';

/** The dashboard as its owner sees it; answers with the user's id. */
export async function expectDashboard(page: Page, email: string): Promise<string> {
  await expect(page).toHaveURL(/\/dashboard$/);
  await expect(page.getByTestId('email')).toHaveText(email);
  return page.getByTestId('user-id').innerText();
}

/** The header of somebody who is signed in, without a reload. */
export async function expectOwnHeader(page: Page) {
  await expect(page.getByRole('button', { name: 'Open user menu' })).toBeVisible();
  await expect(page.locator('header').getByRole('button', { name: 'Sign in' })).toHaveCount(0);
}

/** A member's way in, for tests that are about something else. */
export async function enter(page: Page, person: Person) {
  await page.goto('/sign-in');
  await signInWithPassword(page, person);
  await expectDashboard(page, person.email);
}

export async function openUserButton(page: Page) {
  await page.getByRole('button', { name: 'Open user menu' }).click();
}

/** An entry of the open user menu: a button in the newer components, a menu item in the older ones. */
export function menuEntry(page: Page, name: string) {
  return page.getByRole('button', { name, exact: true }).or(page.getByRole('menuitem', { name, exact: true }));
}

export async function signOut(page: Page) {
  await openUserButton(page);
  // The menu goes before the server has answered: leaving the page then would cancel the sign-out.
  const answered = page.waitForResponse(answer => /\/v1\/client\/sessions\b.*_method=DELETE|\/sessions\/[^/]+\/remove/.test(answer.url()));
  await menuEntry(page, 'Sign out').click();
  await answered;
  await expect(page.getByRole('button', { name: 'Open user menu' })).toBeHidden();
  // The app goes home by itself after that, and would overtake whoever goes elsewhere meanwhile.
  await expect(page).toHaveURL(url => url.pathname === '/');
}

/** Names of the session cookie in this context: the plain one and the one with the instance's suffix. */
export async function sessionCookies(context: BrowserContext, app: App) {
  const cookies = await context.cookies(app.url);
  return cookies.filter(({ name }) => /^__session(_|$)/.test(name));
}

export type Claims = { sub: string; sid: string; azp?: string; iss: string; iat: number; exp: number };

export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
}
