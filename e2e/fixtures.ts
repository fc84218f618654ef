/** `test` with the app under test, an inbox, fresh people, and a guard over everything that a page does. */
import { createClerkClient, type ClerkClient } from '@clerk/backend';
import { test as base, expect, type BrowserContext } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { Inbox } from './flows/inbox';
import { currentStack, type App, type AppName, type Stack } from './stack/stack';

export { expect };

export type Person = { email: string; password: string };

export type Options = { appName: AppName };

type Fixtures = {
  stack: Stack;
  app: App;
  inbox: Inbox;
  /** Somebody with an address and a password that no other test uses; not signed up. */
  person: Person;
  /** The same, with an account made through the Backend API. */
  member: Person & { id: string };
  backend: ClerkClient;
};

export function newPerson(): Person {
  const tail = randomBytes(6).toString('hex');
  return { email: `pip.${tail}@example.com`, password: `Apple-crate-${tail}` };
}

export function backendFor({ instance }: App): ClerkClient {
  return createClerkClient({ secretKey: instance.secret_key, apiUrl: instance.backend_api_url, telemetry: { disabled: true } });
}

export async function newMember(backend: ClerkClient): Promise<Person & { id: string }> {
  const person = newPerson();
  const { id } = await backend.users.createUser({ emailAddress: [person.email], password: person.password });
  return { ...person, id };
}

const local = (url: string) => /^(http|ws):\/\/(localhost|127\.0\.0\.1)(:|\/)/.test(url) || /^(data|blob|about):/.test(url);

/**
 * @clerk/nextjs begins to load clerk-js while React hydrates. Where the machine is slow enough, the user button turns up before its
 * boundary is hydrated; React notes the difference and renders the boundary anew.
 */
const knownRace = (told: string) => /Minified React error #418; .*args\[\]=HTML/.test(told);

/** Collects what no page of ours may do: leave the machine, break its own content security policy, throw. */
async function watch(context: BrowserContext): Promise<string[]> {
  const offences: string[] = [];
  context.on('request', request => {
    if (!local(request.url())) offences.push(`left the machine: ${request.method()} ${request.url()}`);
  });
  context.on('weberror', error => {
    const told = error.error().stack ?? error.error().message;
    if (!knownRace(told)) offences.push(`uncaught: ${told}`);
  });
  context.on('console', message => {
    if (/content.security.policy/i.test(message.text())) offences.push(`policy: ${message.text()}`);
  });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event =>
      console.error(`Content Security Policy: ${event.violatedDirective} refused ${event.blockedURI}`),
    );
  });
  return offences;
}

export const test = base.extend<Fixtures & Options>({
  appName: ['nextjs7', { option: true }],
  stack: async ({}, use) => use(currentStack()),
  app: async ({ stack, appName }, use) => use(stack.apps[appName]),
  baseURL: async ({ app }, use) => use(app.url),
  inbox: async ({ app }, use) => use(new Inbox(app.instance)),
  backend: async ({ app }, use) => use(backendFor(app)),
  person: async ({}, use) => use(newPerson()),
  member: async ({ backend }, use) => use(await newMember(backend)),
  context: async ({ context }, use) => {
    const offences = await watch(context);
    await use(context);
    expect(offences).toEqual([]);
  },
});
