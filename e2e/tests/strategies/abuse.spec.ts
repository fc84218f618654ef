import { expect, test } from '../../fixtures';
import { Inbox } from '../../flows/inbox';
import { enterIdentifier, enterPassword, proceed, signUp } from '../../flows/sign-in';
import { backendOf, instanceWith } from '../../stack/instance';

test('a browser works for its sign-up, and asks nobody else', async ({ page, person, stack }) => {
  const instance = await instanceWith(stack, { attack_protection: { bot_protection: { enabled: true } } });
  const [base, inbox] = [instance.frontend_api_url, new Inbox(instance)];
  const begun = page.waitForRequest(request => /\/v1\/client\/sign_ups(\?|$)/.test(request.url()));
  await page.goto(`${base}/sign-up`);
  await signUp(page, person, inbox);
  const form = new URLSearchParams((await begun).postData() ?? '');
  expect(form.get('captcha_token')).toMatch(/^\d{13}\.16\.[0-9a-f]{32}\.[0-9a-f]{64}:\d+$/);
  expect(form.get('captcha_widget_type')).toBe('invisible');
  await expect(page).toHaveURL(`${base}/user`);
  await expect(page.getByText(person.email).first()).toBeVisible();
});

test('where accounts are secret a stranger and a member see the same, and the member gets in', async ({ page, person, stack }) => {
  const instance = await instanceWith(stack, { attack_protection: { enumeration_protection: 'strict' } });
  const base = instance.frontend_api_url;
  await backendOf(instance).users.createUser({ emailAddress: [person.email], password: person.password });
  for (const email of [`nobody.${person.email}`, person.email]) {
    await page.goto(`${base}/sign-in`);
    await enterIdentifier(page, email);
    await enterPassword(page, 'not the password');
    await expect(page.getByText('The password or the identifier is not right.').first()).toBeVisible();
  }
  await page.locator('input[name=password]').fill(person.password);
  await proceed(page);
  await expect(page).toHaveURL(`${base}/user`);
});

test('who tries too fast is told to wait', async ({ page, person, stack }) => {
  const instance = await instanceWith(stack, { attack_protection: { rate_limits: true } });
  const base = instance.frontend_api_url;
  await backendOf(instance).users.createUser({ emailAddress: [person.email], password: person.password });
  await page.goto(`${base}/sign-in`);
  await enterIdentifier(page, person.email);
  await expect(page.getByRole('heading', { name: 'Enter your password' })).toBeVisible();
  const answers = await page.evaluate(async () => {
    const { Clerk } = window as unknown as { Clerk: { client: { signIn: { attemptFirstFactor(answer: object): Promise<unknown> } } } };
    const seen: { status: number; retryAfter?: number }[] = [];
    for (let n = 0; n < 4; n++) {
      await Clerk.client.signIn
        .attemptFirstFactor({ strategy: 'password', password: 'not the password' })
        .catch(({ status, retryAfter }: { status: number; retryAfter?: number }) => seen.push({ status, retryAfter }));
    }
    return seen;
  });
  expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 429]);
  expect(answers[3].retryAfter).toBeGreaterThan(0);
  expect(answers[3].retryAfter).toBeLessThanOrEqual(10);
});
