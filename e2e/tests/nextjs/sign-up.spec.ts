import { expect, test } from '../../fixtures';
import { expectDashboard, expectOwnHeader } from '../../flows/session';
import { enterCode, proceed, signUp } from '../../flows/sign-in';

test('a visitor signs up with a password and the emailed code and lands on the dashboard', async ({ page, person, inbox, backend }) => {
  await page.goto('/dashboard');
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto('/sign-up');
  await signUp(page, person, inbox);

  const id = await expectDashboard(page, person.email);
  expect(id).toMatch(/^user_/);
  await expectOwnHeader(page);
  const user = await backend.users.getUser(id);
  expect(user.primaryEmailAddress?.emailAddress).toBe(person.email);
  expect(user.primaryEmailAddress?.verification?.status).toBe('verified');
});

test('a wrong code is refused, the right one still works', async ({ page, person, inbox }) => {
  await page.goto('/sign-up');
  await page.locator('input[name=emailAddress]').fill(person.email);
  await page.locator('input[name=password]').fill(person.password);
  await proceed(page);
  const code = await inbox.code(person.email);

  await enterCode(page, code === '000000' ? '111111' : '000000');
  await expect(page.getByText(/code is not right/i).last()).toBeVisible();
  await enterCode(page, code);
  await expectDashboard(page, person.email);
});

test('a taken address is refused at sign-up', async ({ page, member }) => {
  await page.goto('/sign-up');
  await page.locator('input[name=emailAddress]').fill(member.email);
  await page.locator('input[name=password]').fill(member.password);
  await proceed(page);
  await expect(page.getByText(/is taken/i).last()).toBeVisible();
});
