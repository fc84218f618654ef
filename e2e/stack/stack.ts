/** What the tests run against: one server with two instances, and the example apps built for them. */
import type { Env } from './processes';

/** The object that `verger dev --json` and `verger apps create --json` print. */
export type Instance = {
  frontend_api_url: string;
  backend_api_url: string;
  inbox_url: string;
  publishable_key: string;
  secret_key: string;
  env: Env;
};

export type AppName = 'nextjs7' | 'nextjs6' | 'shop' | 'classic' | 'react';

export type App = { name: AppName; url: string; instance: Instance };

export type Stack = { dataDir: string; apps: Record<AppName, App> };

/**
 * Fixed, because Next.js and Vite write the addresses and the publishable key into the build:
 * the same ports make the same build, which is then used again.
 */
export const ports = { server: 4100, recorder: 4102, nextjs6: 3106, nextjs7: 3107, shop: 3108, react: 3109, classic: 3110 };

const variable = 'VERGER_E2E_STACK';

/** Hands the stack from the global set-up to the workers. */
export function publish(stack: Stack) {
  process.env[variable] = JSON.stringify(stack);
}

export function currentStack(): Stack {
  const text = process.env[variable];
  if (!text) throw new Error('the stack is not up: run the tests with "playwright test"');
  return JSON.parse(text);
}
