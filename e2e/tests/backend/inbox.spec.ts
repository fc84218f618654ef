import { expect, newPerson, test } from '../../fixtures';
import { expectDashboard } from '../../flows/session';
import { enterCode, proceed } from '../../flows/sign-in';

test('the open inbox page shows a mail as it comes, with the code that signs up', async ({ page, context, app, person }) => {
  const inbox = await context.newPage();
  await inbox.goto(app.instance.inbox_url);
  await expect(inbox.locator('#state')).toHaveText(/waiting for mail/i);

  await page.goto('/sign-up');
  await page.locator('input[name=emailAddress]').fill(person.email);
  await page.locator('input[name=password]').fill(person.password);
  await proceed(page);

  const mail = inbox.getByRole('article').filter({ hasText: person.email });
  const code = await mail.locator('output').innerText();
  expect(code).toMatch(/^\d{6}$/);
  await mail.getByText('As HTML').click();
  await expect(mail.frameLocator('iframe').getByText(code).first()).toBeVisible();

  await enterCode(page, code);
  await expectDashboard(page, person.email);
});

test('an address that was not written to has no mail', async ({ inbox }) => {
  expect(await inbox.messages(newPerson().email)).toEqual([]);
});
