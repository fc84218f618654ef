'use client';

import { useAuth, useUser } from '@clerk/nextjs';
import { useState } from 'react';
import { whoAmI } from './actions';

type Claims = { sub: string; sid: string; azp?: string; iat: number; exp: number };

function claimsOf(token: string): Claims {
  const payload = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
  return JSON.parse(atob(payload));
}

/** What the browser knows: the user, a fresh session token, and the answer of a server action. */
export function SessionPanel() {
  const { getToken } = useAuth();
  const { user } = useUser();
  const [claims, setClaims] = useState<Claims>();
  const [caller, setCaller] = useState<string | null>();

  async function readToken() {
    const token = await getToken();
    setClaims(token ? claimsOf(token) : undefined);
  }

  return (
    <section className="card">
      <h2>In the browser</h2>
      <dl>
        <dt>useUser()</dt>
        <dd data-testid="browser-email">{user?.primaryEmailAddress?.emailAddress ?? '…'}</dd>
        <dt>getToken()</dt>
        <dd>{claims ? <code data-testid="token-claims">{JSON.stringify(claims)}</code> : 'not asked yet'}</dd>
        <dt>Server action</dt>
        <dd data-testid="action-user-id">{caller === undefined ? 'not called yet' : (caller ?? 'nobody')}</dd>
      </dl>
      <p className="actions">
        <button className="quiet" onClick={readToken}>
          Get a session token
        </button>
        <button className="quiet" onClick={async () => setCaller(await whoAmI())}>
          Call the server action
        </button>
      </p>
    </section>
  );
}
