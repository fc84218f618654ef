import { expect, test } from '../../fixtures';
import { claimsOf, enter } from '../../flows/session';

test('auth(), clerkClient() and getToken() know the caller of a route handler', async ({ page, app, member }) => {
  expect((await page.request.get('/api/me')).status()).toBe(401);
  await enter(page, member);

  const me = await page.request.get('/api/me');
  expect(me.status()).toBe(200);
  const { token, ...caller } = await me.json();
  expect(caller).toMatchObject({ userId: member.id, email: member.email });
  expect(claimsOf(token)).toMatchObject({ sub: member.id, sid: caller.sessionId, azp: app.url });
});

test('a server action knows its caller, and the browser gets a token made for this app', async ({ page, app, member }) => {
  await enter(page, member);
  await expect(page.getByTestId('browser-email')).toHaveText(member.email);

  await page.getByRole('button', { name: 'Call the server action' }).click();
  await expect(page.getByTestId('action-user-id')).toHaveText(member.id);

  await page.getByRole('button', { name: 'Get a session token' }).click();
  const claims = JSON.parse(await page.getByTestId('token-claims').innerText());
  expect(claims).toMatchObject({ sub: member.id, iss: app.instance.frontend_api_url, azp: app.url });
  expect(claims.exp - claims.iat).toBe(60);
});

test('clerkClient() lists users for an admin only', async ({ page, member, backend }) => {
  await enter(page, member);
  expect((await page.request.get('/api/admin')).status()).toBe(403);

  await backend.users.updateUserMetadata(member.id, { publicMetadata: { role: 'admin' } });
  const answer = await page.request.get('/api/admin');
  expect(answer.status()).toBe(200);
  const { totalCount, users } = await answer.json();
  expect(totalCount).toBeGreaterThanOrEqual(users.length);
  expect(users.length).toBeGreaterThan(0);
});
