import { auth, clerkClient } from '@clerk/nextjs/server';
import { NextResponse } from 'next/server';

/** The newest users and how many there are, for users whose public metadata says `{"role": "admin"}`. */
export async function GET() {
  const { isAuthenticated, userId } = await auth();
  if (!isAuthenticated) return NextResponse.json({ error: 'signed out' }, { status: 401 });

  const client = await clerkClient();
  const caller = await client.users.getUser(userId);
  if (caller.publicMetadata.role !== 'admin') return NextResponse.json({ error: 'admins only' }, { status: 403 });

  const { data, totalCount } = await client.users.getUserList({ limit: 10, orderBy: '-created_at' });
  return NextResponse.json({
    totalCount,
    users: data.map(user => ({ id: user.id, email: user.primaryEmailAddress?.emailAddress })),
  });
}
