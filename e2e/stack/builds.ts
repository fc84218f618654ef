/** Production builds of the example apps, made anew only when something that goes into them has changed. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { examples } from './paths';
import { run, type Env } from './processes';

export type Build = {
  /** Name of the build and of the folder it goes to. */
  name: string;
  /** Folder of the app below examples/. */
  app: string;
  /** Everything that the build reads from the environment. */
  env: Env;
};

const generated = new Set(['node_modules', '.next', 'dist', 'next-env.d.ts', 'tsconfig.tsbuildinfo', '.env.local']);

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => !generated.has(entry.name))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? sourcesOf(path) : [path];
    })
    .sort();
}

function inputsOf({ app, env }: Build): string {
  const folder = join(examples, app);
  const hash = createHash('sha256');
  hash.update(JSON.stringify(Object.entries(env).sort()));
  for (const file of sourcesOf(folder)) hash.update(`\n${relative(folder, file)}\n`).update(readFileSync(file));
  return hash.digest('hex');
}

export const isNext = (build: Build) => build.app.startsWith('nextjs');

/** Where the build lies, relative to the app's folder. */
export const outputOf = (build: Build) => join(isNext(build) ? '.next' : 'dist', build.name);

/** The program of an installed package, to be run with node. */
export function program(build: Build, path: string): string {
  const file = join(examples, build.app, 'node_modules', path);
  if (!existsSync(file)) throw new Error(`examples/${build.app} is not installed: run "npm ci" there`);
  return file;
}

async function buildNext(build: Build, cwd: string) {
  const tsconfig = join(cwd, 'tsconfig.json');
  const before = readFileSync(tsconfig, 'utf8');
  const turbopack = build.app === 'nextjs-6' ? ['--turbopack'] : []; // the default since Next.js 16
  try {
    await run(`build-${build.name}`, 'node', [program(build, 'next/dist/bin/next'), 'build', ...turbopack], {
      cwd,
      env: { ...build.env, NEXT_DIST_DIR: outputOf(build), NEXT_TELEMETRY_DISABLED: '1', CI: '1' },
    });
  } finally {
    // Next.js adds the output folder to tsconfig.json; the example should not change by being tested.
    writeFileSync(tsconfig, before);
  }
}

async function buildVite(build: Build, cwd: string) {
  await run(`build-${build.name}`, 'node', [program(build, 'vite/bin/vite.js'), 'build', '--outDir', outputOf(build)], {
    cwd,
    env: build.env,
  });
}

export async function ensureBuilt(build: Build) {
  const cwd = join(examples, build.app);
  const stamp = join(cwd, outputOf(build), 'e2e-inputs');
  const inputs = inputsOf(build);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;

  await (isNext(build) ? buildNext(build, cwd) : buildVite(build, cwd));
  writeFileSync(stamp, inputs);
}
