/** `make run` as a newcomer meets it: from the command to a dashboard, and nothing left after Ctrl-C. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../../fixtures';
import { Inbox } from '../../flows/inbox';
import { expectDashboard, expectOwnHeader } from '../../flows/session';
import { signUp } from '../../flows/sign-in';
import { artifacts, examples } from '../../stack/paths';
import { MakeRun } from '../../stack/make-run';

const ports = { app: 3120, verger: 4120 };
const app = `http://localhost:${ports.app}`;
const verger = `http://localhost:${ports.verger}`;

// What the command writes into the example; a developer's own one comes back.
const envFile = join(examples, 'nextjs', '.env.local');

test('a newcomer runs it, signs up, and stops it with Ctrl-C', async ({ page, person }) => {
  test.setTimeout(240_000);
  const before = existsSync(envFile) ? readFileSync(envFile) : undefined;
  const data = mkdtempSync(join(tmpdir(), 'verger-run-'));
  const run = new MakeRun({ APP_PORT: String(ports.app), VERGER_PORT: String(ports.verger), VERGER_DATA: data });
  try {
    const printed = await run.ready();
    const places = { app, 'Account Portal': `${verger}/sign-in`, inbox: `${verger}/inbox` };
    for (const [name, url] of Object.entries(places)) {
      expect(printed).toMatch(new RegExp(`^ *${name} +${url}$`, 'm'));
      const answer = await fetch(url);
      expect([url, answer.status, answer.headers.get('content-type')]).toEqual([url, 200, expect.stringMatching(/^text\/html/)]);
    }

    await page.goto(`${app}/sign-up`);
    await signUp(page, person, new Inbox({ inbox_url: `${verger}/inbox` }));
    await expectDashboard(page, person.email);
    await expectOwnHeader(page);
    await page.screenshot({ path: join(artifacts, 'make-run.png') });

    expect(run.processes().length).toBeGreaterThan(3);
    await run.interrupt();
    // The last ones may still be on their way out when make has ended.
    await expect.poll(() => run.processes(), { timeout: 10_000 }).toEqual([]);
    for (const url of [app, verger, `http://localhost:${ports.verger + 1}`]) await expect(fetch(url)).rejects.toThrow();
  } finally {
    run.kill();
    rmSync(data, { recursive: true, force: true });
    if (before) writeFileSync(envFile, before);
    else rmSync(envFile, { force: true });
  }
});
