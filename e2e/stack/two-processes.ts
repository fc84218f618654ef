/** Two `verger serve` on one PostgreSQL, behind one address that leads to either of them, as behind a load balancer. */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repository, verger } from './paths';
import { expectFree, run, start, stop, type Env } from './processes';

/** A port that leads to another one. */
class Switch {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #target: number;

  constructor(target: number) {
    this.#target = target;
    this.#server = createServer(near => {
      const far = connect(this.#target, '127.0.0.1');
      for (const [from, to] of [[near, far], [far, near]]) {
        this.#open.add(from);
        from.pipe(to);
        from.once('error', () => to.destroy());
        from.once('close', () => {
          this.#open.delete(from);
          to.destroy();
        });
      }
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, 'localhost', () => resolve());
    });
  }

  /** Whoever is connected has to connect anew, and arrives at the new target. */
  turnTo(target: number) {
    this.#target = target;
    for (const socket of this.#open) socket.destroy();
  }

  close() {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }
}

/** Any 32 bytes in base64. */
const masterKey = Buffer.alloc(32, 'orchard').toString('base64');

/** `public` is what browsers and apps know; each process listens on its own port and, for the Backend API, on the next one. */
export type Ports = { public: number; processes: [number, number] };

export class TwoProcesses {
  readonly #switches: [Switch, Switch];
  readonly #directory: string;
  readonly #ports: Ports;
  readonly #processes: (ChildProcess | undefined)[] = [undefined, undefined];
  #database?: ChildProcess;

  constructor(directory: string, ports: Ports) {
    this.#directory = directory;
    this.#ports = ports;
    const [first] = ports.processes;
    this.#switches = [new Switch(first), new Switch(first + 1)];
  }

  /** Starts the database and both processes, and leads to the first. */
  async start() {
    const [frontend, backend] = this.#switches;
    await frontend.listen(this.#ports.public);
    await backend.listen(this.#ports.public + 1);
    const database = await this.#startDatabase();
    for (const [index, port] of this.#ports.processes.entries()) writeFileSync(this.#config(index), this.#configuration(port, database));
    await Promise.all([this.startProcess(0), this.startProcess(1)]);
  }

  async startProcess(index: number) {
    const port = this.#ports.processes[index];
    for (const own of [port, port + 1]) await expectFree(own);
    const child = start(`serve-${index}`, verger, ['serve', '--json', '--config', this.#config(index)], this.#place());
    this.#processes[index] = child;
    await firstLine(`serve-${index}`, child);
  }

  /** From now on every connection goes to that process. */
  leadTo(index: number) {
    const port = this.#ports.processes[index];
    this.#switches.forEach((line, offset) => line.turnTo(port + offset));
  }

  async stopProcess(index: number) {
    const child = this.#processes[index];
    if (child) await stop(child);
  }

  /** The environment block of the development instance for a Next.js app. */
  async env(): Promise<Env> {
    const block = await run('serve-env', verger, ['env', '--framework', 'nextjs', '--config', this.#config(0)], this.#place());
    const assignments = block.split('\n').flatMap(line => [...line.matchAll(/^([A-Z0-9_]+)=(.*)$/g)]);
    return Object.fromEntries(assignments.map(([, name, value]) => [name, value]));
  }

  async close() {
    this.#switches.forEach(line => line.close());
    const running = [...this.#processes, this.#database].filter(child => child !== undefined);
    await Promise.all(running.map(stop));
  }

  async #startDatabase(): Promise<string> {
    const { CARGO_TARGET_DIR } = process.env;
    const args = ['run', '--locked', '--quiet', '-p', 'verger-testkit', '--bin', 'throwaway-database'];
    this.#database = start('database', 'cargo', args, { cwd: repository, env: { ...(CARGO_TARGET_DIR && { CARGO_TARGET_DIR }) } });
    return firstLine('database', this.#database);
  }

  #config(index: number): string {
    return join(this.#directory, `verger${index}.toml`);
  }

  #configuration(port: number, database: string): string {
    return `
      public_url = "http://localhost:${this.#ports.public}"
      backend_url = "http://localhost:${this.#ports.public + 1}"
      listen = "127.0.0.1:${port}"
      listen_backend = "127.0.0.1:${port + 1}"
      database = "${database}"
      master_key = "${masterKey}"
    `;
  }

  #place() {
    return { cwd: this.#directory, env: {} };
  }
}

function firstLine(name: string, child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('close', code => reject(new Error(`${name} ended with ${code}; see e2e/artifacts/${name}.log`)));
    child.once('error', reject);
    createInterface({ input: child.stdout! }).once('line', resolve);
  });
}
