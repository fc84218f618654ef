import type { ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { verger } from './paths';
import { expectFree, run, start } from './processes';
import { ports, type Instance } from './stack';

/** Starts `verger dev` on an empty data directory and waits for its ready line. */
export async function startServer(dataDir: string): Promise<{ process: ChildProcess; instance: Instance }> {
  if (!existsSync(verger)) throw new Error(`${verger} is missing: build it, or name another one in VERGER_BIN`);
  await expectFree(ports.server);
  await expectFree(ports.server + 1);

  const process = start('verger', verger, ['dev', '--port', String(ports.server), '--data-dir', dataDir, '--json'], {
    cwd: dataDir,
    env: {},
  });
  return { process, instance: await readyLine(process) };
}

function readyLine(process: ChildProcess): Promise<Instance> {
  return new Promise((resolve, reject) => {
    process.once('close', code => reject(new Error(`verger dev ended with ${code}; see e2e/artifacts/verger.log`)));
    process.once('error', reject);
    createInterface({ input: process.stdout! }).once('line', line => {
      const { event, ...instance } = JSON.parse(line);
      if (event === 'ready') resolve(instance);
      else reject(new Error(`verger dev --json began with ${line}`));
    });
  });
}

/** Adds an application beside the running server, with these settings over the defaults; it answers under /i/<slug>. */
export async function createApp(dataDir: string, slug: string, settings: object = {}): Promise<Instance> {
  const file = join(dataDir, `${slug}-settings.json`);
  writeFileSync(file, JSON.stringify(settings));
  const args = ['apps', 'create', slug, '--settings', file, '--data-dir', dataDir, '--json'];
  const output = await run(`apps-create-${slug}`, verger, args, { cwd: dataDir, env: {} });
  return JSON.parse(output);
}

/** The public key of the root instance or of a named one as PEM, as an app would put it into CLERK_JWT_KEY. */
export function publicKey(dataDir: string, slug?: string): Promise<string> {
  const instance = slug ? ['--instance', slug] : [];
  return run('keys-jwks', verger, ['keys', 'jwks', '--pem', '--data-dir', dataDir, ...instance], { cwd: dataDir, env: {} });
}
