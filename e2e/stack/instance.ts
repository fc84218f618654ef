import { createClerkClient, type ClerkClient } from '@clerk/backend';
import { randomBytes } from 'node:crypto';
import { createApp } from './server';
import type { Instance, Stack } from './stack';

/** An instance of its own with these settings, whose Account Portal is the app. */
export function instanceWith(stack: Stack, settings: object): Promise<Instance> {
  return createApp(stack.dataDir, `own-${randomBytes(4).toString('hex')}`, settings);
}

/** The backend of such an instance's app. */
export function backendOf(instance: Instance): ClerkClient {
  return createClerkClient({ secretKey: instance.secret_key, apiUrl: instance.backend_api_url, telemetry: { disabled: true } });
}
