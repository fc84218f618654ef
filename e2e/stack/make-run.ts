/** `make run` in a process group of its own, as a terminal would give it one. */
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { repository } from './paths';
import { start, type Env } from './processes';

export class MakeRun {
  readonly #mark = `VERGER_RUN_MARK=${randomUUID()}`;
  readonly #child: ChildProcess;
  #printed = '';

  constructor(env: Env) {
    const [name, value] = this.#mark.split('=');
    const { CARGO_TARGET_DIR } = process.env;
    this.#child = start('make-run', 'make', ['run'], {
      cwd: repository,
      env: { ...env, ...(CARGO_TARGET_DIR && { CARGO_TARGET_DIR }), [name]: value },
    });
    this.#child.stdout?.on('data', chunk => (this.#printed += chunk));
  }

  /** Everything that it printed, once it has said where to look. */
  ready(): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.#printed.includes('Ctrl-C stops everything')) resolve(this.#printed);
      };
      this.#child.stdout?.on('data', look);
      this.#child.once('close', code => reject(new Error(`make run ended with ${code}; see e2e/artifacts/make-run.log`)));
      look();
    });
  }

  /** Ctrl-C: the signal goes to the whole group, which is make and the script. Resolves when both have ended. */
  interrupt(): Promise<void> {
    return new Promise(resolve => {
      this.#child.once('close', () => resolve());
      process.kill(-this.#child.pid!, 'SIGINT');
    });
  }

  /** What runs on its behalf, in whatever group: every process inherits the mark in its environment. */
  processes(): string[] {
    return this.#pids().map(pid => `${pid} ${commandOf(pid)}`);
  }

  /** Ends at once whatever is left. */
  kill() {
    for (const pid of this.#pids()) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It ended by itself meanwhile.
      }
    }
  }

  #pids(): string[] {
    return readdirSync('/proc').filter(name => /^[0-9]+$/.test(name) && this.#isMarked(name));
  }

  #isMarked(pid: string): boolean {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(this.#mark);
    } catch {
      return false; // gone, or somebody else's
    }
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
  } catch {
    return '(gone)';
  }
}
