import { expect, test } from '../../fixtures';
import { signInWithPassword, signUp } from '../../flows/sign-in';

test('auth.protect() leads through the Account Portal and back, signed in', async ({ page, app, member }) => {
  await page.goto('/portal-protected');
  await expect(page).toHaveURL(url => url.href.startsWith(`${app.instance.frontend_api_url}/sign-in`));

  await signInWithPassword(page, member);
  await expect(page).toHaveURL(`${app.url}/portal-protected`);
  await expect(page.getByTestId('user-id')).toHaveText(member.id);
});

test('a visitor signs up in the Account Portal and comes back', async ({ page, app, person, inbox }) => {
  await page.goto('/portal-protected');
  await page.getByRole('link', { name: 'Sign up' }).click();
  await expect(page).toHaveURL(url => url.href.startsWith(`${app.instance.frontend_api_url}/sign-up`));

  await signUp(page, person, inbox);
  await expect(page).toHaveURL(`${app.url}/portal-protected`);
  await expect(page.getByTestId('user-id')).toHaveText(/^user_/);
});

test('the portal sends nobody to a foreign address', async ({ page, app, member }) => {
  await page.goto(`${app.instance.frontend_api_url}/sign-in?redirect_url=${encodeURIComponent('https://elsewhere.example/')}`);
  await signInWithPassword(page, member);
  await expect(page).toHaveURL(url => url.hostname === 'localhost' && !url.pathname.startsWith('/sign-in'));
});

test('a member who signs in at the portal itself finds the profile there', async ({ page, app, member, backend }) => {
  const portal = app.instance.frontend_api_url;
  await page.goto(`${portal}/sign-in`);
  await signInWithPassword(page, member);
  await expect(page).toHaveURL(`${portal}/user`);
  await expect(page.getByText(member.email).first()).toBeVisible();

  await page.getByRole('button', { name: 'Update profile' }).click();
  await page.locator('input[name=firstName]').fill('Pomona');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(async () => (await backend.users.getUser(member.id)).firstName).toBe('Pomona');

  // Each part of the profile has a path of its own.
  await page.goto(`${portal}/user/security`);
  await expect(page.locator('.cl-profileSection__activeDevices').getByText('This device')).toBeVisible();
});
