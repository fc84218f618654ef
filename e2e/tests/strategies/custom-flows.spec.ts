/** Every strategy through forms of an app's own, in both calling styles of clerk-js. */
import { randomBytes, randomInt } from 'node:crypto';
import { expect, newMember, newPerson, test } from '../../fixtures';
import { CustomApp, styles } from '../../flows/custom';
import { Inbox } from '../../flows/inbox';
import { totp } from '../../flows/totp';
import { backendOf, instanceWith } from '../../stack/instance';

const newNumber = () => `+1202556${randomInt(1000, 9999)}`;

for (const style of styles) {
  test.describe(style.name, () => {
    test('sign up by a code and a password, and in by each of them', async ({ page, stack }) => {
      const instance = await instanceWith(stack, { attributes: { username: { enabled: true, required: true } } });
      const inbox = new Inbox(instance);
      const custom = await CustomApp.open(page, instance);
      const { email, password } = newPerson();
      const username = `pip_${randomBytes(4).toString('hex')}`;

      await style.signUp(custom, { emailAddress: email, password });
      await style.sendSignUpCode(custom, 'email');
      await style.verifySignUpCode(custom, 'email', await inbox.code(email));
      expect(await style.attempt(custom, 'signUp')).toEqual({ status: 'missing_requirements', createdSessionId: null, missing: ['username'] });
      await style.updateSignUp(custom, { username });
      const { createdSessionId } = await style.attempt(custom, 'signUp');
      await style.finish(custom, 'signUp');
      const first = await custom.signedIn();
      expect(first).toMatchObject({ session: createdSessionId });

      for (const identifier of [email, username]) {
        await custom.signOut();
        expect(await custom.signedIn()).toBeNull();
        await style.signInWithPassword(custom, identifier, password);
        await style.finish(custom, 'signIn');
        expect((await custom.signedIn())?.user).toBe(first?.user);
      }

      await custom.signOut();
      await style.sendEmailCode(custom, email);
      await style.verifyEmailCode(custom, await inbox.code(email));
      await style.finish(custom, 'signIn');
      expect((await custom.signedIn())?.user).toBe(first?.user);

      await custom.signOut();
      await style.sendResetCode(custom, 'email', email);
      await style.resetPassword(custom, 'email', await inbox.code(email), `${password}-new`);
      await style.finish(custom, 'signIn');
      expect((await custom.signedIn())?.user).toBe(first?.user);
      await expect(style.signInWithPassword(await fresh(custom), email, password)).rejects.toThrow(/form_password_incorrect/);
    });

    test('sign up and in by a phone number', async ({ page, stack }) => {
      const instance = await instanceWith(stack, {
        attributes: { email_address: { enabled: false }, phone_number: { enabled: true, required: true } },
      });
      const inbox = new Inbox(instance);
      const custom = await CustomApp.open(page, instance);
      const [number, { password }] = [newNumber(), newPerson()];

      await style.signUp(custom, { phoneNumber: number, password });
      await style.sendSignUpCode(custom, 'phone');
      await style.verifySignUpCode(custom, 'phone', await inbox.code(number));
      await style.finish(custom, 'signUp');
      const first = await custom.signedIn();
      expect(first).not.toBeNull();

      await custom.signOut();
      await style.sendPhoneCode(custom, number);
      await style.verifyPhoneCode(custom, await inbox.code(number));
      await style.finish(custom, 'signIn');
      expect((await custom.signedIn())?.user).toBe(first?.user);

      await custom.signOut();
      await style.sendResetCode(custom, 'phone', number);
      await style.resetPassword(custom, 'phone', await inbox.code(number), `${password}-new`);
      await style.finish(custom, 'signIn');
      expect((await custom.signedIn())?.user).toBe(first?.user);
    });

    test('sign in by a link that is opened in another tab', async ({ page, stack }) => {
      const instance = await instanceWith(stack, { sign_in: { email_link: true } });
      const inbox = new Inbox(instance);
      const member = await newMember(backendOf(instance));
      const custom = await CustomApp.open(page, instance);

      await style.awaitEmailLink(custom, member.email, custom.url('/verify'));
      const { links } = await inbox.next(member.email);
      const tab = await custom.tab(links[0]);
      await tab.page.waitForURL(url => url.href.startsWith(custom.url('/verify')));
      await tab.load();
      await tab.begin('handleEmailLinkVerification', {});
      await custom.end();
      expect((await style.attempt(custom, 'signIn')).status).toBe('complete');
      await style.finish(custom, 'signIn');
      expect((await custom.signedIn())?.user).toBe(member.id);
    });

    test('sign in by a second factor, and by a ticket', async ({ page, stack }) => {
      const instance = await instanceWith(stack, { multi_factor: { authenticator_app: true, backup_codes: true } });
      const backend = backendOf(instance);
      const person = newPerson();
      const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
      const backupCodes = ['p1ppin00', 'p1ppin01'];
      const { id } = await backend.users.createUser({
        emailAddress: [person.email],
        password: person.password,
        totpSecret,
        backupCodes,
      });
      const custom = await CustomApp.open(page, instance);

      for (const [strategy, code] of [['totp', totp(totpSecret)], ['backup_code', backupCodes[0]]] as const) {
        await style.signInWithPassword(custom, person.email, person.password);
        expect((await style.attempt(custom, 'signIn')).status).toBe('needs_second_factor');
        await style.verifySecondFactor(custom, strategy, code);
        await style.finish(custom, 'signIn');
        expect((await custom.signedIn())?.user).toBe(id);
        await custom.signOut();
      }

      const { token } = await backend.signInTokens.createSignInToken({ userId: id, expiresInSeconds: 600 });
      await style.signInWithTicket(custom, token);
      // A ticket stands for the first factor.
      expect((await style.attempt(custom, 'signIn')).status).toBe('needs_second_factor');
      await style.verifySecondFactor(custom, 'backup_code', backupCodes[1]);
      await style.finish(custom, 'signIn');
      expect((await custom.signedIn())?.user).toBe(id);
      await custom.signOut();
      await expect(style.signInWithTicket(custom, token)).rejects.toThrow();
    });

    test('sign up by an invitation where nobody else may', async ({ page, stack }) => {
      const instance = await instanceWith(stack, { sign_up: { mode: 'restricted' } });
      const backend = backendOf(instance);
      const { email, password } = newPerson();
      const custom = await CustomApp.open(page, instance);
      await expect(style.signUp(custom, { emailAddress: email, password })).rejects.toThrow(/sign_up_mode_restricted/);

      const invitation = await backend.invitations.createInvitation({ emailAddress: email, redirectUrl: custom.url('/join') });
      await page.goto(invitation.url!);
      await page.waitForURL(url => url.href.startsWith(custom.url('/join')));
      await custom.load();
      const ticket = new URL(page.url()).searchParams.get('__clerk_ticket')!;
      await style.signUpWithTicket(custom, ticket, { password });
      await style.updateSignUp(custom, { password }).catch(() => undefined);
      await style.finish(custom, 'signUp');
      expect(await custom.signedIn()).not.toBeNull();
      const { data } = await backend.users.getUserList({ emailAddress: [email] });
      expect(data.map(({ passwordEnabled }) => passwordEnabled)).toEqual([true]);
    });

    test('sign up and in with an account elsewhere', async ({ page, stack }) => {
      const instance = await instanceWith(stack, { social: { test_provider: true } });
      const { email } = newPerson();
      const custom = await CustomApp.open(page, instance);
      const users = new Set();
      for (const name of ['signUp', 'signIn'] as const) {
        await style.continueWith(custom, name, 'oauth_custom_vergertest');
        await page.locator('input[name=email_address]').fill(email);
        await page.getByRole('button', { name: 'Continue', exact: true }).click();
        // The attempt is complete at once, so the page for what is left to do is passed over.
        await page.waitForURL(custom.url('/done'));
        await custom.load();
        users.add((await custom.signedIn())?.user);
        await custom.signOut();
      }
      expect(users.size).toBe(1);
      expect([...users][0]).toBeTruthy();
    });
  });
}

/** The same app in a browser where nobody is signed in. */
async function fresh(custom: CustomApp): Promise<CustomApp> {
  await custom.signOut();
  return custom;
}
