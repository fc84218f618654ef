/**
 * Forms of an app's own over clerk-js without components, in both calling styles of its current major: the objects that carry
 * the attempt (`client.signIn.attemptFirstFactor`), and the methods named after what is done (`signIn.emailCode.verifyCode`,
 * what `useSignIn` hands out).
 */
import type { Page } from '@playwright/test';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Instance } from '../stack/stack';

/** Serves the one page of an app, whatever is asked for. Redirects end here too, so it has to be a real server. */
async function serve(html: string): Promise<Server> {
  const server = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(html));
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve));
  return server;
}

type Name = 'signIn' | 'signUp';
export type Attempt = { status: string; createdSessionId: string | null; missing: string[] };

declare global {
  interface Window {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    flow: { Clerk: any; answer?: any; pending?: Promise<unknown>; find(path: string): any };
  }
}

/** A page of an app that has loaded clerk-js and draws everything itself. */
export class CustomApp {
  constructor(
    readonly page: Page,
    readonly instance: Instance,
    private readonly origin: string,
  ) {}

  static async open(page: Page, instance: Instance): Promise<CustomApp> {
    const { env } = instance;
    const html = `<!doctype html><title>An app's own forms</title><script
      data-clerk-publishable-key="${env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY}"
      data-clerk-proxy-url="${env.NEXT_PUBLIC_CLERK_PROXY_URL}"
      src="${env.NEXT_PUBLIC_CLERK_JS_URL}"></script>`;
    const server = await serve(html);
    page.once('close', () => server.close());
    const custom = new CustomApp(page, instance, `http://localhost:${(server.address() as AddressInfo).port}`);
    await custom.go('/');
    return custom;
  }

  url(path: string): string {
    return `${this.origin}${path}`;
  }

  /** Another tab of the same browser. */
  async tab(url: string): Promise<CustomApp> {
    const tab = new CustomApp(await this.page.context().newPage(), this.instance, this.origin);
    await tab.page.goto(url);
    return tab;
  }

  async go(path: string) {
    await this.page.goto(this.url(path));
    await this.load();
  }

  async load() {
    await this.page.waitForFunction(() => 'Clerk' in window);
    await this.page.evaluate(async () => {
      const { Clerk } = window as unknown as Window['flow'];
      await Clerk.load();
      const signals = { signIn: () => Clerk.__internal_state.signInSignal().signIn, signUp: () => Clerk.__internal_state.signUpSignal().signUp };
      const find = (path: string) => {
        const [first, ...rest] = path.split('.');
        const root = first in signals ? signals[first as keyof typeof signals]() : Clerk[first];
        // eslint-disable-next-line @typescript-eslint/no-explicit-any
        return rest.reduce((value: any, name) => value[name], root);
      };
      window.flow = { Clerk, find };
    });
  }

  /** Calls a method of clerk-js by its path, as `client.signIn.create`; gives the refusal that it answers, and throws what it throws. */
  async call(path: string, ...args: unknown[]): Promise<string | null> {
    return this.page.evaluate(
      async ([path, args]) => {
        const [, owner, method] = path.match(/^(?:(.*)\.)?(.*)$/)!;
        const target = owner ? window.flow.find(owner) : window.flow.Clerk;
        const told = (error: { errors?: { code: string }[] }) => [...(error.errors ?? []).map(({ code }) => code), String(error)].join(' ');
        try {
          const answer = await target[method](...args);
          window.flow.answer = answer;
          return answer?.error ? told(answer.error) : null;
        } catch (error) {
          throw new Error(told(error as object));
        }
      },
      [path, args] as const,
    );
  }

  /** The same, without waiting for its end. */
  async begin(path: string, ...args: unknown[]) {
    await this.page.evaluate(
      ([path, args]) => {
        const [, owner, method] = path.match(/^(?:(.*)\.)?(.*)$/)!;
        const target = owner ? window.flow.find(owner) : window.flow.Clerk;
        window.flow.pending = target[method](...args);
      },
      [path, args] as const,
    );
  }

  /** The end of what was begun. */
  async end(): Promise<void> {
    await this.page.evaluate(async () => void (window.flow.answer = await window.flow.pending));
  }

  /** Who is signed in, by which session; nobody is `null`. */
  signedIn(): Promise<{ user: string; session: string } | null> {
    return this.page.evaluate(() => {
      const { user, session } = window.flow.Clerk;
      return user && session ? { user: user.id, session: session.id } : null;
    });
  }

  /** Stays on the page. */
  async signOut() {
    await this.page.evaluate(() => window.flow.Clerk.signOut(() => undefined));
  }
}

/** What an app's own form does; each step fails when the server refuses it. */
export interface Style {
  readonly name: string;
  signInWithPassword(app: CustomApp, identifier: string, password: string): Promise<void>;
  sendEmailCode(app: CustomApp, email: string): Promise<void>;
  verifyEmailCode(app: CustomApp, code: string): Promise<void>;
  sendPhoneCode(app: CustomApp, number: string): Promise<void>;
  verifyPhoneCode(app: CustomApp, code: string): Promise<void>;
  /** Sends a link that leads to `url`, and goes on when it was opened. */
  awaitEmailLink(app: CustomApp, email: string, url: string): Promise<void>;
  sendResetCode(app: CustomApp, by: 'email' | 'phone', identifier: string): Promise<void>;
  resetPassword(app: CustomApp, by: 'email' | 'phone', code: string, password: string): Promise<void>;
  verifySecondFactor(app: CustomApp, strategy: 'totp' | 'backup_code', code: string): Promise<void>;
  signInWithTicket(app: CustomApp, ticket: string): Promise<void>;
  /** Leaves the page. */
  continueWith(app: CustomApp, name: Name, strategy: string): Promise<void>;

  signUp(app: CustomApp, fields: Record<string, unknown>): Promise<void>;
  sendSignUpCode(app: CustomApp, to: 'email' | 'phone'): Promise<void>;
  verifySignUpCode(app: CustomApp, to: 'email' | 'phone', code: string): Promise<void>;
  updateSignUp(app: CustomApp, fields: Record<string, unknown>): Promise<void>;
  signUpWithTicket(app: CustomApp, ticket: string, fields: Record<string, unknown>): Promise<void>;

  /** How far the attempt is. */
  attempt(app: CustomApp, name: Name): Promise<Attempt>;
  /** Takes the session that a complete attempt has made. */
  finish(app: CustomApp, name: Name): Promise<void>;
}

const redirects = (custom: CustomApp) => ({ callback: custom.url('/sso-callback'), done: custom.url('/done') });

/** `signIn.create`, `prepareFirstFactor`, `attemptFirstFactor`: refusals are thrown. */
const objects: Style = {
  name: 'the attempt objects',

  async signInWithPassword(custom, identifier, password) {
    await custom.call('client.signIn.create', { identifier });
    await custom.call('client.signIn.attemptFirstFactor', { strategy: 'password', password });
  },
  async sendEmailCode(custom, identifier) {
    await custom.call('client.signIn.create', { identifier });
    await prepare(custom, 'email_code');
  },
  async verifyEmailCode(custom, code) {
    await custom.call('client.signIn.attemptFirstFactor', { strategy: 'email_code', code });
  },
  async sendPhoneCode(custom, identifier) {
    await custom.call('client.signIn.create', { identifier });
    await prepare(custom, 'phone_code');
  },
  async verifyPhoneCode(custom, code) {
    await custom.call('client.signIn.attemptFirstFactor', { strategy: 'phone_code', code });
  },
  async awaitEmailLink(custom, identifier, redirectUrl) {
    await custom.call('client.signIn.create', { identifier });
    await custom.page.evaluate(redirectUrl => {
      const { signIn } = window.flow.Clerk.client;
      const { emailAddressId } = signIn.supportedFirstFactors.find((factor: { strategy: string }) => factor.strategy === 'email_link');
      window.flow.pending = signIn.createEmailLinkFlow().startEmailLinkFlow({ emailAddressId, redirectUrl });
    }, redirectUrl);
  },
  async sendResetCode(custom, by, identifier) {
    await custom.call('client.signIn.create', { identifier });
    await prepare(custom, `reset_password_${by}_code`);
  },
  async resetPassword(custom, by, code, password) {
    await custom.call('client.signIn.attemptFirstFactor', { strategy: `reset_password_${by}_code`, code });
    await custom.call('client.signIn.resetPassword', { password });
  },
  async verifySecondFactor(custom, strategy, code) {
    await custom.call('client.signIn.attemptSecondFactor', { strategy, code });
  },
  async signInWithTicket(custom, ticket) {
    await custom.call('client.signIn.create', { strategy: 'ticket', ticket });
  },
  async continueWith(custom, name, strategy) {
    const { callback, done } = redirects(custom);
    await custom.begin(`client.${name}.authenticateWithRedirect`, { strategy, redirectUrl: callback, redirectUrlComplete: done });
  },

  async signUp(custom, fields) {
    await custom.call('client.signUp.create', fields);
  },
  async sendSignUpCode(custom, to) {
    await (to === 'email'
      ? custom.call('client.signUp.prepareEmailAddressVerification', { strategy: 'email_code' })
      : custom.call('client.signUp.preparePhoneNumberVerification', { strategy: 'phone_code' }));
  },
  async verifySignUpCode(custom, to, code) {
    await custom.call(`client.signUp.${to === 'email' ? 'attemptEmailAddressVerification' : 'attemptPhoneNumberVerification'}`, { code });
  },
  async updateSignUp(custom, fields) {
    await custom.call('client.signUp.update', fields);
  },
  async signUpWithTicket(custom, ticket, fields) {
    await custom.call('client.signUp.create', { strategy: 'ticket', ticket, ...fields });
  },

  // What the last step answered: a complete attempt is no longer the client's.
  attempt: custom =>
    custom.page.evaluate(() => {
      const { status, createdSessionId, missingFields = [] } = window.flow.answer;
      return { status, createdSessionId, missing: missingFields };
    }),
  async finish(custom, name) {
    const { createdSessionId } = await objects.attempt(custom, name);
    await custom.call('setActive', { session: createdSessionId });
  },
};

async function prepare(custom: CustomApp, strategy: string) {
  await custom.page.evaluate(strategy => {
    const { signIn } = window.flow.Clerk.client;
    const factor = signIn.supportedFirstFactors.find((factor: { strategy: string }) => factor.strategy === strategy);
    return signIn.prepareFirstFactor(factor).then(() => undefined);
  }, strategy);
}

/** Methods named after what is done: refusals come back as `error`. */
async function must(custom: CustomApp, path: string, ...args: unknown[]) {
  const refusal = await custom.call(path, ...args);
  if (refusal) throw new Error(`${path}: ${refusal}`);
}

const methods: Style = {
  name: 'the named methods',

  signInWithPassword: (custom, identifier, password) => must(custom, 'signIn.password', { identifier, password }),
  sendEmailCode: (custom, emailAddress) => must(custom, 'signIn.emailCode.sendCode', { emailAddress }),
  verifyEmailCode: (custom, code) => must(custom, 'signIn.emailCode.verifyCode', { code }),
  sendPhoneCode: (custom, phoneNumber) => must(custom, 'signIn.phoneCode.sendCode', { phoneNumber }),
  verifyPhoneCode: (custom, code) => must(custom, 'signIn.phoneCode.verifyCode', { code }),
  async awaitEmailLink(custom, emailAddress, verificationUrl) {
    await must(custom, 'signIn.emailLink.sendLink', { emailAddress, verificationUrl });
    await custom.begin('signIn.emailLink.waitForVerification');
  },
  async sendResetCode(custom, by, identifier) {
    await must(custom, 'signIn.create', { identifier });
    await must(custom, `signIn.resetPassword${by === 'email' ? 'Email' : 'Phone'}Code.sendCode`);
  },
  async resetPassword(custom, by, code, password) {
    const reset = `signIn.resetPassword${by === 'email' ? 'Email' : 'Phone'}Code`;
    await must(custom, `${reset}.verifyCode`, { code });
    await must(custom, `${reset}.submitPassword`, { password });
  },
  verifySecondFactor: (custom, strategy, code) =>
    must(custom, `signIn.mfa.${strategy === 'totp' ? 'verifyTOTP' : 'verifyBackupCode'}`, { code }),
  signInWithTicket: (custom, ticket) => must(custom, 'signIn.ticket', { ticket }),
  async continueWith(custom, name, strategy) {
    const { callback, done } = redirects(custom);
    await custom.begin(`${name}.sso`, { strategy, redirectUrl: done, redirectCallbackUrl: callback });
  },

  signUp: (custom, fields) => must(custom, 'password' in fields ? 'signUp.password' : 'signUp.create', fields),
  sendSignUpCode: (custom, to) => must(custom, `signUp.verifications.send${to === 'email' ? 'Email' : 'Phone'}Code`),
  verifySignUpCode: (custom, to, code) => must(custom, `signUp.verifications.verify${to === 'email' ? 'Email' : 'Phone'}Code`, { code }),
  updateSignUp: (custom, fields) => must(custom, 'signUp.update', fields),
  signUpWithTicket: (custom, ticket, fields) => must(custom, 'signUp.ticket', { ticket, ...fields }),

  attempt: (custom, name) =>
    custom.page.evaluate(name => {
      const { status, createdSessionId, missingFields = [] } = window.flow.find(name);
      return { status, createdSessionId, missing: missingFields };
    }, name),
  finish: (custom, name) => must(custom, `${name}.finalize`),
};

export const styles = [objects, methods];
