import { useAuth, useUser } from '@clerk/react';
import { useState } from 'react';

/** Who is signed in, and the claims of a fresh session token as an API behind this app would see them. */
export function Dashboard() {
  const { userId, sessionId, getToken } = useAuth();
  const { user } = useUser();
  const [claims, setClaims] = useState<string>();

  async function readToken() {
    const token = await getToken();
    const payload = token?.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    setClaims(payload && atob(payload));
  }

  return (
    <>
      <p className="eyebrow">Dashboard</p>
      <h1>Hello{user?.firstName ? `, ${user.firstName}` : ''}. Only you can see this.</h1>
      <section className="card">
        <h2>In the browser</h2>
        <dl>
          <dt>useUser()</dt>
          <dd data-testid="email">{user?.primaryEmailAddress?.emailAddress}</dd>
          <dt>User</dt>
          <dd>
            <code data-testid="user-id">{userId}</code>
          </dd>
          <dt>Session</dt>
          <dd>
            <code data-testid="session-id">{sessionId}</code>
          </dd>
          <dt>getToken()</dt>
          <dd>{claims ? <code data-testid="token-claims">{claims}</code> : 'not asked yet'}</dd>
        </dl>
        <p className="actions">
          <button className="quiet" onClick={readToken}>
            Get a session token
          </button>
        </p>
      </section>
    </>
  );
}
