/** A running app does not notice which of two servers on one PostgreSQL answers it, nor that one of them ends. */
import { createClerkClient } from '@clerk/backend';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, newMember, test } from '../../fixtures';
import { enter, expectDashboard, expectOwnHeader, signOut } from '../../flows/session';
import { startNextApp } from '../../stack/apps';
import { stop } from '../../stack/processes';
import { TwoProcesses } from '../../stack/two-processes';

const appPort = 3130;

test.use({ baseURL: `http://localhost:${appPort}` });

test('switching a running app between two servers signs nobody out', async ({ page, context }) => {
  test.setTimeout(240_000);
  const directory = mkdtempSync(join(tmpdir(), 'verger-two-'));
  const servers = new TwoProcesses(directory, { public: 4130, processes: [4132, 4134] });
  let app;
  try {
    await servers.start();
    const env = await servers.env();
    app = await startNextApp('two-processes', appPort, env);
    const backend = createClerkClient({ secretKey: env.CLERK_SECRET_KEY, apiUrl: env.CLERK_API_URL, telemetry: { disabled: true } });
    const member = await newMember(backend);

    /** The page, the app's server and clerk-js each ask the server that answers now. */
    const isAtHome = async () => {
      await page.reload();
      expect(await expectDashboard(page, member.email)).toBe(member.id);
      await expectOwnHeader(page); // clerk-js is there
      const fresh = await page.evaluate(() => window.Clerk.session!.getToken({ skipCache: true }));
      expect(fresh).toBeTruthy();
      // Without its cookie the app's server sends the browser through the handshake. It also counts how often it did so in the
      // last two seconds, and the third time would be a loop.
      const sessions = (await context.cookies()).filter(({ name }) => /^__(session(_|$)|clerk_redirect_count)/.test(name));
      for (const { name } of sessions) await context.clearCookies({ name });
      await page.goto('/dashboard');
      expect(await expectDashboard(page, member.email)).toBe(member.id);
    };

    await enter(page, member);
    await isAtHome();
    servers.leadTo(1);
    await isAtHome();
    servers.leadTo(0);
    await isAtHome();

    servers.leadTo(1);
    await servers.stopProcess(0);
    await isAtHome();
    await servers.startProcess(0);
    servers.leadTo(0);
    await servers.stopProcess(1);
    await isAtHome();
    expect((await backend.sessions.getSessionList({ userId: member.id, status: 'active' })).totalCount).toBe(1);

    await servers.startProcess(1);
    await signOut(page);
    servers.leadTo(1);
    await page.goto('/dashboard');
    await expect(page).toHaveURL(/\/sign-in/);
  } finally {
    if (app) await stop(app);
    await servers.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
