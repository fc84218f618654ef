/** Child processes that are sure to end: each runs in its own group, and the groups go down with this process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { artifacts } from './paths';

export type Env = Record<string, string>;

const running = new Set<ChildProcess>();

function signal(child: ChildProcess, name: NodeJS.Signals) {
  try {
    if (child.pid) process.kill(-child.pid, name);
  } catch {
    // The group is gone already.
  }
}

process.on('exit', () => running.forEach(child => signal(child, 'SIGKILL')));

/** Starts `command` with nothing of this process's environment but PATH and HOME, and logs to artifacts/<name>.log. */
export function start(name: string, command: string, args: string[], options: { cwd: string; env: Env }): ChildProcess {
  mkdirSync(artifacts, { recursive: true });
  const log = createWriteStream(join(artifacts, `${name}.log`));
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { PATH, HOME, ...options.env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  running.add(child);
  child.once('close', () => {
    running.delete(child);
    log.end();
  });
  return child;
}

/** Runs a command to its end and returns what it printed; fails with its log's name if it fails. */
export function run(name: string, command: string, args: string[], options: { cwd: string; env: Env }): Promise<string> {
  const child = start(name, command, args, options);
  let output = '';
  child.stdout?.on('data', chunk => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code =>
      code === 0 ? resolve(output) : reject(new Error(`${name} ended with ${code}; see e2e/artifacts/${name}.log`)),
    );
  });
}

/** Asks politely, then insists. Resolves when the process is gone. */
export function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise(resolve => {
    const insist = setTimeout(() => signal(child, 'SIGKILL'), 5_000);
    child.once('close', () => {
      clearTimeout(insist);
      resolve();
    });
    signal(child, 'SIGTERM');
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ port, host: 'localhost' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

export async function expectFree(port: number) {
  if (await answers(port)) throw new Error(`port ${port} is in use; stop what runs there`);
}

/** Resolves as soon as `child` accepts connections on `port`; fails when it ends before that. */
export async function listening(name: string, child: ChildProcess, port: number) {
  const deadline = Date.now() + 30_000;
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}; see e2e/artifacts/${name}.log`);
    if (Date.now() > deadline) throw new Error(`${name} does not listen on port ${port}; see e2e/artifacts/${name}.log`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
