import { expect, test } from '../../fixtures';
import { enter, expectDashboard, signOut } from '../../flows/session';
import { signUp } from '../../flows/sign-in';

test('a visitor of the single-page app signs up, reloads, signs out and signs in', async ({ page, app, person, inbox }) => {
  await page.goto('/dashboard');
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByRole('link', { name: 'Sign up' }).click();
  await signUp(page, person, inbox);
  const id = await expectDashboard(page, person.email);

  await page.reload();
  expect(await expectDashboard(page, person.email)).toBe(id);
  await page.getByRole('button', { name: 'Get a session token' }).click();
  const claims = JSON.parse(await page.getByTestId('token-claims').innerText());
  expect(claims).toMatchObject({ sub: id, azp: app.url, iss: app.instance.frontend_api_url });

  await signOut(page);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();

  await enter(page, person);
  expect(await page.getByTestId('user-id').innerText()).toBe(id);
});
