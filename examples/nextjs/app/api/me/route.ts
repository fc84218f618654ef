import { auth, clerkClient } from '@clerk/nextjs/server';
import { NextResponse } from 'next/server';

/** The caller, read through the Backend API, with a session token for the services behind this app: 401 for visitors. */
export async function GET() {
  const { isAuthenticated, userId, sessionId, getToken } = await auth();
  if (!isAuthenticated) return NextResponse.json({ error: 'signed out' }, { status: 401 });

  const client = await clerkClient();
  const user = await client.users.getUser(userId);
  const token = await getToken();
  return NextResponse.json({ userId, sessionId, email: user.primaryEmailAddress?.emailAddress, token });
}
