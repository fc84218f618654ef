import { auth, currentUser } from '@clerk/nextjs/server';
import { SessionPanel } from './session-panel';

export default async function Dashboard() {
  const { userId, sessionId, actor } = await auth();
  const user = await currentUser();
  return (
    <>
      <p className="eyebrow">Dashboard</p>
      <h1>Hello{user?.firstName ? `, ${user.firstName}` : ''}. Only you can see this.</h1>
      <div className="cards two">
        <section className="card">
          <h2>On the server</h2>
          <dl>
            <dt>currentUser()</dt>
            <dd data-testid="email">{user?.primaryEmailAddress?.emailAddress}</dd>
            <dt>User</dt>
            <dd>
              <code data-testid="user-id">{userId}</code>
            </dd>
            <dt>Session</dt>
            <dd>
              <code data-testid="session-id">{sessionId}</code>
            </dd>
            {actor && (
              <>
                <dt>Acting for them</dt>
                <dd>
                  <code data-testid="actor">{actor.sub}</code>
                </dd>
              </>
            )}
          </dl>
        </section>
        <SessionPanel />
      </div>
    </>
  );
}
