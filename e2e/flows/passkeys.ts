import type { Page } from '@playwright/test';

/** A device that holds passkeys and always recognises its user. */
export type Authenticator = {
  /** How many passkeys it holds. */
  held: () => Promise<number>;
  /** Whether somebody touches it when it asks; nobody has, until it is said. */
  attended: (enabled: boolean) => Promise<unknown>;
};

/** To be called before the page under test is opened. */
export async function plugInAuthenticator(page: Page): Promise<Authenticator> {
  // clerk-js offers no passkeys to a browser that says it is driven by a program.
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false }));
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: false,
    },
  });
  return {
    held: async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    attended: enabled => devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
  };
}

/**
 * From the next page on the browser offers no passkey by itself. Where it does, the page asks as soon as it can, and that question
 * and the button's would race for the device's one answer.
 */
export async function offerNothing(page: Page) {
  await page.addInitScript(() => (PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)));
}
