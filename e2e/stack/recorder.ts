import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { answers, e2e } from './paths';
import { expectFree, listening, start } from './processes';
import { ports, type Instance } from './stack';

const url = `http://localhost:${ports.recorder}`;

/** Starts the proxy that writes down every answer. Browsers use it as their proxy (playwright.config.ts). */
export async function startRecorder(): Promise<ChildProcess> {
  await expectFree(ports.recorder);
  const doors = ['--frontend', String(ports.server), '--backend', String(ports.server + 1)];
  const process = start('recorder', 'node', [join(e2e, 'recorder.mjs'), '--listen', String(ports.recorder), ...doors, '--out', answers], {
    cwd: e2e,
    env: {},
  });
  await listening('recorder', process, ports.recorder);
  return process;
}

/** The instance as app servers and tests see it, whose clients know no proxies: the recorder stands before its Backend API. */
export function recorded(instance: Instance): Instance {
  return { ...instance, backend_api_url: url, env: { ...instance.env, CLERK_API_URL: url } };
}
