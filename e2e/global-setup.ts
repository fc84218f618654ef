import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApps } from './stack/apps';
import { artifacts } from './stack/paths';
import { stop } from './stack/processes';
import { recorded, startRecorder } from './stack/recorder';
import { createApp, publicKey, startServer } from './stack/server';
import { publish, type App, type AppName } from './stack/stack';

/** Brings the stack up; what it returns takes everything down again. */
export default async function setUp() {
  rmSync(artifacts, { recursive: true, force: true });
  const dataDir = mkdtempSync(join(tmpdir(), 'verger-e2e-'));
  const processes: ChildProcess[] = [];
  const tearDown = async () => {
    await Promise.all(processes.map(stop));
    rmSync(dataDir, { recursive: true, force: true });
  };

  try {
    const server = await startServer(dataDir);
    processes.push(server.process);
    processes.push(await startRecorder());
    const ways = { passkeys: { enabled: true }, social: { test_provider: true } };
    const shop = recorded(await createApp(dataDir, 'shop', { ...ways, sessions: { single_session: false } }));
    const classic = recorded(await createApp(dataDir, 'classic', ways));
    const started = await startApps({ root: recorded(server.instance), shop, classic }, await publicKey(dataDir, 'shop'));
    processes.push(...started.map(({ process }) => process));
    const apps = Object.fromEntries(started.map(({ app }) => [app.name, app])) as Record<AppName, App>;
    publish({ dataDir, apps });
  } catch (error) {
    await tearDown();
    throw error;
  }
  return tearDown;
}
