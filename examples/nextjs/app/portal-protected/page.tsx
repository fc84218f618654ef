import { auth } from '@clerk/nextjs/server';

/** The middleware sends visitors to the server's Account Portal instead of this app's own sign-in page. */
export default async function PortalProtected() {
  const { userId } = await auth.protect();
  return (
    <section className="card wide">
      <p className="eyebrow">Account Portal</p>
      <h1>You came back signed in.</h1>
      <p>
        Signed in as <code data-testid="user-id">{userId}</code>
      </p>
    </section>
  );
}
