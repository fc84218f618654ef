import { createClerkClient, verifyToken } from '@clerk/backend';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, newPerson, test } from '../../fixtures';
import { claimsOf, enter, sessionCookies } from '../../flows/session';
import { examples } from '../../stack/paths';
import { publicKey } from '../../stack/server';

/** The package as the newest major of the app SDK brings it, and as the one before does. */
const older: typeof import('@clerk/backend') = createRequire(join(examples, 'nextjs-6', 'package.json'))('@clerk/backend');
const packages = [
  { major: 3, createClerkClient, verifyToken },
  { major: 2, createClerkClient: older.createClerkClient, verifyToken: older.verifyToken },
];

for (const { major, createClerkClient } of packages) {
  test(`createClerkClient() of @clerk/backend ${major} makes, finds, changes and removes a user`, async ({ app }) => {
    const backend = createClerkClient({ secretKey: app.instance.secret_key, apiUrl: app.instance.backend_api_url, telemetry: { disabled: true } });
    const { email, password } = newPerson();
    const made = await backend.users.createUser({
      emailAddress: [email],
      password,
      firstName: 'Pomona',
      externalId: email,
      publicMetadata: { plan: 'tree' },
    });
    expect(made).toMatchObject({ firstName: 'Pomona', externalId: email, publicMetadata: { plan: 'tree' }, passwordEnabled: true });

    const found = await backend.users.getUserList({ emailAddress: [email] });
    expect(found.totalCount).toBe(1);
    expect(found.data[0].id).toBe(made.id);

    expect((await backend.users.updateUser(made.id, { lastName: 'Grove' })).lastName).toBe('Grove');
    const merged = await backend.users.updateUserMetadata(made.id, { publicMetadata: { rows: 3 }, privateMetadata: { note: 'x' } });
    expect(merged.publicMetadata).toEqual({ plan: 'tree', rows: 3 });

    expect(await backend.users.verifyPassword({ userId: made.id, password })).toMatchObject({ verified: true });
    expect((await backend.users.banUser(made.id)).banned).toBe(true);
    expect((await backend.users.unbanUser(made.id)).banned).toBe(false);
    expect((await backend.users.lockUser(made.id)).locked).toBe(true);
    expect((await backend.users.unlockUser(made.id)).locked).toBe(false);

    await backend.users.deleteUser(made.id);
    await expect(backend.users.getUser(made.id)).rejects.toMatchObject({ status: 404, errors: [{ code: 'resource_not_found' }] });
    expect(await backend.users.getCount({ emailAddress: [email] })).toBe(0);
  });
}

test('refusals arrive as errors with code and field', async ({ app, backend, member }) => {
  await expect(backend.users.createUser({ emailAddress: [member.email], password: member.password })).rejects.toMatchObject({
    status: 422,
    errors: [{ code: 'form_identifier_exists', meta: { paramName: 'email_address' } }],
  });
  const stranger = createClerkClient({ secretKey: 'sk_test_unknown', apiUrl: app.instance.backend_api_url, telemetry: { disabled: true } });
  await expect(stranger.users.getCount()).rejects.toMatchObject({ status: 401, errors: [{ code: 'clerk_key_invalid' }] });
});

test('a revoked session ends in the browser, and jwtKey verifies without the network', async ({
  page,
  context,
  stack,
  app,
  member,
  backend,
}) => {
  await enter(page, member);
  const [{ value: token }] = await sessionCookies(context, app);
  const jwtKey = await publicKey(stack.dataDir);
  for (const { verifyToken } of packages) {
    expect((await verifyToken(token, { jwtKey, authorizedParties: [app.url] })).sub).toBe(member.id);
    await expect(verifyToken(token, { jwtKey, authorizedParties: ['http://localhost:1'] })).rejects.toThrow();
  }

  const { sid } = claimsOf(token);
  const sessions = await backend.sessions.getSessionList({ userId: member.id, status: 'active' });
  expect(sessions.data.map(({ id }) => id)).toEqual([sid]);
  expect((await backend.sessions.revokeSession(sid)).status).toBe('revoked');

  // The token itself is good for the rest of its minute, but the browser learns at once that the session is over.
  await page.goto('/');
  const uat = async () => (await context.cookies(app.url)).filter(({ name }) => name === '__client_uat').map(({ value }) => value);
  await expect.poll(uat).toEqual(['0']);
  await page.goto('/dashboard');
  await expect(page).toHaveURL(/\/sign-in/);
});
