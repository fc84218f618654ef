import { defineConfig } from '@playwright/test';
import type { Options } from './fixtures';
import { ports } from './stack/stack';

export default defineConfig<Options>({
  testDir: './tests',
  outputDir: './artifacts/tests',
  globalSetup: './global-setup.ts',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: './artifacts/report.json' }]],
  use: {
    locale: 'en-US',
    // The recorder. It leads nowhere but to this machine, so whatever asks for another host fails at once.
    proxy: { server: `http://localhost:${ports.recorder}` },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    navigationTimeout: 20_000,
    actionTimeout: 15_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Whatever asks for another host fails at once, instead of leaving the machine.
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      ],
    },
  },
  projects: [
    { name: 'nextjs-7', testMatch: 'nextjs/**/*.spec.ts', use: { appName: 'nextjs7' } },
    { name: 'nextjs-6', testMatch: 'nextjs/**/*.spec.ts', use: { appName: 'nextjs6' } },
    { name: 'react', testMatch: 'react/**/*.spec.ts', use: { appName: 'react' } },
    { name: 'instances', testMatch: 'instances/**/*.spec.ts', use: { appName: 'nextjs7' } },
    { name: 'instances-6', testMatch: 'instances/**/*.spec.ts', use: { appName: 'nextjs6' } },
    { name: 'strategies', testMatch: 'strategies/**/*.spec.ts' },
    // These build and run the example app from its own folder: one at a time.
    { name: 'run', testMatch: 'run/**/*.spec.ts', workers: 1 },
    { name: 'backend', testMatch: 'backend/**/*.spec.ts', use: { appName: 'nextjs7' } },
  ],
});
