import { expect, test } from '../../fixtures';
import { enter, expectDashboard, signOut } from '../../flows/session';
import { enterIdentifier, enterPassword, resetPassword, signInWithCode, signInWithPassword } from '../../flows/sign-in';

test('a member signs in with the password and signs out', async ({ page, member }) => {
  await enter(page, member);
  await signOut(page);

  await page.goto('/dashboard');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('the page that asked for the sign-in is where it ends', async ({ page, member }) => {
  await page.goto('/dashboard?season=autumn');
  await expect(page).toHaveURL(/\/sign-in/);
  await signInWithPassword(page, member);
  await expect(page).toHaveURL(/\/dashboard\?season=autumn/);
});

test('a member signs in with an emailed code', async ({ page, member, inbox }) => {
  await page.goto('/sign-in');
  await signInWithCode(page, member, inbox);
  await expectDashboard(page, member.email);
});

test('a member who forgot the password sets a new one', async ({ page, member, inbox }) => {
  const changed = { ...member, password: `${member.password}-new` };
  await page.goto('/sign-in');
  await resetPassword(page, member, changed.password, inbox);
  await expectDashboard(page, member.email);
  await signOut(page);

  await page.goto('/sign-in');
  await enterIdentifier(page, member.email);
  await enterPassword(page, member.password);
  await expect(page.getByText(/password is not right/i).last()).toBeVisible();
  await enterPassword(page, changed.password);
  await expectDashboard(page, member.email);
});

test('an unknown address is told so', async ({ page, person }) => {
  await page.goto('/sign-in');
  await enterIdentifier(page, person.email);
  await expect(page.getByText(/no account goes by/i).last()).toBeVisible();
});
