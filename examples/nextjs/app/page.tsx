import { auth } from '@clerk/nextjs/server';
import Link from 'next/link';

export default async function Home() {
  const { isAuthenticated } = await auth();
  return (
    <>
      <section className="hero">
        <p className="eyebrow">Next.js · unmodified Clerk packages · your own server</p>
        <h1>Everything you love about sign-in, grown in your own orchard.</h1>
        <p className="lead" data-testid="session-state">
          {isAuthenticated ? 'You are signed in.' : 'You are signed out.'}
        </p>
        <p className="actions">
          {isAuthenticated ? (
            <Link className="button primary" href="/dashboard">
              Go to your dashboard
            </Link>
          ) : (
            <Link className="button primary" href="/sign-up">
              Create an account
            </Link>
          )}
          <Link className="button quiet" href="/portal-protected">
            Try the Account Portal
          </Link>
        </p>
      </section>
      <section className="cards">
        <article className="card">
          <h2>Prebuilt components</h2>
          <p>
            <code>&lt;SignIn/&gt;</code>, <code>&lt;SignUp/&gt;</code>, <code>&lt;UserButton/&gt;</code> and{' '}
            <code>&lt;UserProfile/&gt;</code> come from the npm packages, untouched.
          </p>
        </article>
        <article className="card">
          <h2>Server helpers</h2>
          <p>
            <code>auth()</code>, <code>currentUser()</code> and <code>clerkClient()</code> in pages, route handlers and server actions.
          </p>
        </article>
        <article className="card">
          <h2>One binary</h2>
          <p>Accounts, sessions and mail live in the Verger process beside this app. Nothing leaves your machine.</p>
        </article>
      </section>
    </>
  );
}
