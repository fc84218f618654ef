import { expect, test } from '../../fixtures';
import { enter, expectDashboard, menuEntry, openUserButton, signOut } from '../../flows/session';
import { signInWithPassword } from '../../flows/sign-in';

test('a member changes the name in the profile that the user button opens', async ({ page, member, backend }) => {
  await enter(page, member);
  await openUserButton(page);
  await menuEntry(page, 'Manage account').click();
  await page.getByRole('button', { name: 'Update profile' }).click();
  await page.locator('input[name=firstName]').fill('Pomona');
  await page.locator('input[name=lastName]').fill('Grove');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.locator('.cl-profileSection__profile').getByText('Pomona Grove')).toBeVisible();

  await page.goto('/dashboard');
  await expect(page.getByRole('heading', { name: 'Hello, Pomona.' })).toBeVisible();
  expect((await backend.users.getUser(member.id)).lastName).toBe('Grove');
});

test('a member who signed in a moment ago changes the password', async ({ page, member }) => {
  const changed = { ...member, password: `${member.password}-new` };
  await enter(page, member);
  await page.goto('/profile/security');
  await page.getByRole('button', { name: 'Update password' }).click();
  // A fresh session is proof enough: the form does not ask for the old password.
  await expect(page.locator('input[name=newPassword]')).toBeVisible();
  await expect(page.locator('input[name=currentPassword]')).toHaveCount(0);
  await page.locator('input[name=newPassword]').fill(member.password);
  await page.locator('input[name=confirmPassword]').fill(member.password);
  // The form's own verdict comes a moment after the typing, and would take the place of the server's.
  await expect(page.getByTestId(/^form-feedback/).filter({ hasText: /meets all the necessary requirements/ })).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText(/cannot be the same as the current password/i).last()).toBeVisible();

  await page.locator('input[name=newPassword]').fill(changed.password);
  await page.locator('input[name=confirmPassword]').fill(changed.password);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.locator('input[name=newPassword]')).toBeHidden();
  await signOut(page);

  await page.goto('/sign-in');
  await signInWithPassword(page, changed);
  await expectDashboard(page, member.email);
});

test('a member sees the active devices', async ({ page, member }) => {
  await enter(page, member);
  await page.goto('/profile/security');
  const devices = page.locator('.cl-profileSection__activeDevices');
  await expect(devices.getByText('This device')).toBeVisible();
  await expect(devices.getByText(/Linux/)).toBeVisible();
  await expect(devices.getByText(/Chrome/)).toBeVisible();
});
