import { clerk, clerkSetup } from '@clerk/testing/playwright';
import { expect, newPerson, test } from '../../fixtures';
import { expectDashboard } from '../../flows/session';

test.beforeEach(async ({ app, page }) => {
  const { publishable_key: publishableKey, secret_key: secretKey, backend_api_url: apiUrl } = app.instance;
  process.env.CLERK_API_URL = apiUrl;
  await clerkSetup({ publishableKey, secretKey, dotenv: false });
  expect(process.env.CLERK_TESTING_TOKEN).toBeTruthy();
  await page.goto('/');
});

test('clerk.signIn with a password, clerk.signOut', async ({ page, member }) => {
  await clerk.signIn({ page, signInParams: { strategy: 'password', identifier: member.email, password: member.password } });
  await page.goto('/dashboard');
  await expectDashboard(page, member.email);

  await clerk.signOut({ page });
  await page.goto('/dashboard');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('clerk.signIn with the fixed code of a test address, which gets no mail', async ({ page, backend, inbox }) => {
  const email = newPerson().email.replace('@', '+clerk_test@');
  await backend.users.createUser({ emailAddress: [email], skipPasswordRequirement: true });
  await clerk.signIn({ page, signInParams: { strategy: 'email_code', identifier: email } });
  await page.goto('/dashboard');
  await expectDashboard(page, email);
  expect(await inbox.messages(email)).toEqual([]);
});

test('clerk.signIn with a ticket', async ({ page, member, backend }) => {
  const { token } = await backend.signInTokens.createSignInToken({ userId: member.id, expiresInSeconds: 60 });
  await clerk.signIn({ page, signInParams: { strategy: 'ticket', ticket: token } });
  await page.goto('/dashboard');
  await expectDashboard(page, member.email);
});
