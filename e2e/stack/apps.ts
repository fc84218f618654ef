import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, isNext, outputOf, program, type Build } from './builds';
import { examples } from './paths';
import { expectFree, listening, start, type Env } from './processes';
import { ports, type App, type AppName, type Instance } from './stack';

type Plan = Build & { port: number; runtime: Env };

type StackPlan = Plan & { name: AppName; instance: Instance };

/** The part of the environment block that ends up in the browser, and so in the build. */
function publicPart(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('NEXT_PUBLIC_')));
}

function privatePart(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('NEXT_PUBLIC_')));
}

const ownPages = { NEXT_PUBLIC_CLERK_SIGN_IN_URL: '/sign-in', NEXT_PUBLIC_CLERK_SIGN_UP_URL: '/sign-up' };

function nextPlan(name: AppName, app: string, instance: Instance, changes: Env): StackPlan {
  return { ...planOf(name, app, ports[name], instance.env, changes), name, instance };
}

function planOf(name: string, app: string, port: number, env: Env, changes: Env): Plan {
  return {
    name,
    app,
    port,
    env: { ...publicPart(env), ...changes },
    runtime: { ...privatePart(env), CLERK_AUTHORIZED_PARTIES: `http://localhost:${port}` },
  };
}

/** Builds the Next.js example for a server of the test's own and starts it; its sign-in page is in the app. */
export async function startNextApp(name: string, port: number, env: Env): Promise<ChildProcess> {
  const plan = planOf(name, 'nextjs', port, env, ownPages);
  await expectFree(port);
  await ensureBuilt(plan);
  const process = startApp(plan);
  await listening(name, process, port);
  return process;
}

function withKey(plan: StackPlan, key: string): StackPlan {
  return { ...plan, runtime: { ...plan.runtime, CLERK_JWT_KEY: key } };
}

/** @clerk/nextjs 6 wants clerk-js 5, which brings its own components. */
function majorSix(instance: Instance): Env {
  const { NEXT_PUBLIC_CLERK_JS_URL = '' } = instance.env;
  return { NEXT_PUBLIC_CLERK_JS_URL: NEXT_PUBLIC_CLERK_JS_URL.replace('clerk-js@6', 'clerk-js@5'), NEXT_PUBLIC_CLERK_UI_URL: '' };
}

function reactPlan(instance: Instance): StackPlan {
  const { env } = instance;
  return {
    name: 'react',
    app: 'react-vite',
    port: ports.react,
    instance,
    env: {
      VITE_CLERK_PUBLISHABLE_KEY: env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
      VITE_CLERK_PROXY_URL: env.NEXT_PUBLIC_CLERK_PROXY_URL,
      VITE_CLERK_JS_URL: env.NEXT_PUBLIC_CLERK_JS_URL,
      VITE_CLERK_UI_URL: env.NEXT_PUBLIC_CLERK_UI_URL,
    },
    runtime: {},
  };
}

function startApp(plan: Plan): ChildProcess {
  const port = String(plan.port);
  const cwd = join(examples, plan.app);
  if (isNext(plan)) {
    return start(plan.name, 'node', [program(plan, 'next/dist/bin/next'), 'start', '-p', port, '-H', 'localhost'], {
      cwd,
      env: { ...plan.env, ...plan.runtime, NEXT_DIST_DIR: outputOf(plan), NEXT_TELEMETRY_DISABLED: '1' },
    });
  }
  const args = ['preview', '--port', port, '--strictPort', '--host', 'localhost', '--outDir', outputOf(plan)];
  return start(plan.name, 'node', [program(plan, 'vite/bin/vite.js'), ...args], { cwd, env: plan.env });
}

export type Started = { app: App; process: ChildProcess };

/** `root` answers at the server's root, the others under their prefixes. */
export type Instances = { root: Instance; shop: Instance; classic: Instance };

/** Builds what is stale and starts every app. */
export async function startApps({ root, shop, classic }: Instances, shopKey: string): Promise<Started[]> {
  const portal = `${shop.frontend_api_url}/sign-in`;
  const plans = [
    nextPlan('nextjs7', 'nextjs', root, ownPages),
    nextPlan('nextjs6', 'nextjs-6', root, { ...ownPages, ...majorSix(root) }),
    // This one has the Account Portal as its sign-in page, and knows the key of session tokens without asking for it.
    withKey(
      nextPlan('shop', 'nextjs', shop, {
        NEXT_PUBLIC_CLERK_SIGN_IN_URL: portal,
        NEXT_PUBLIC_CLERK_SIGN_UP_URL: portal.replace('sign-in', 'sign-up'),
      }),
      shopKey,
    ),
    reactPlan(root),
    nextPlan('classic', 'nextjs-6', classic, { ...ownPages, ...majorSix(classic) }),
  ];
  const [nextjs7, nextjs6, shopPlan, react, classicPlan] = plans;
  for (const { name } of plans) await expectFree(ports[name]);

  // Two builds of one app would write the same files, so these wait for each other.
  await Promise.all([inTurn([nextjs7, shopPlan]), inTurn([nextjs6, react, classicPlan])]);

  return Promise.all(
    plans.map(async plan => {
      const process = startApp(plan);
      await listening(plan.name, process, ports[plan.name]);
      return { app: { name: plan.name, url: `http://localhost:${ports[plan.name]}`, instance: plan.instance }, process };
    }),
  );
}

async function inTurn(builds: Build[]) {
  for (const build of builds) await ensureBuilt(build);
}
