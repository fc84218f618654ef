import { auth, clerkClient } from '@clerk/nextjs/server';
import { NextResponse } from 'next/server';

/** The caller, read through the Backend API: 401 for visitors. */
export async function GET() {
  const { isAuthenticated, userId, sessionId } = await auth();
  if (!isAuthenticated) return NextResponse.json({ error: 'signed out' }, { status: 401 });

  const client = await clerkClient();
  const user = await client.users.getUser(userId);
  return NextResponse.json({ userId, sessionId, email: user.primaryEmailAddress?.emailAddress });
}
