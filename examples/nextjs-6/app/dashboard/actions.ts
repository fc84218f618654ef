'use server';

import { auth } from '@clerk/nextjs/server';

/** Answers with the id of the user who called, or null for a visitor. */
export async function whoAmI(): Promise<string | null> {
  const { userId } = await auth();
  return userId;
}
