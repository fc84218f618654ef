import { RedirectToSignIn, Show, SignIn, SignInButton, SignUp, SignUpButton, UserButton, UserProfile } from '@clerk/react';
import type { ReactNode } from 'react';
import { Dashboard } from './dashboard';
import { Link, usePathname } from './location';

export function App() {
  return (
    <>
      <header className="bar">
        <Link className="brand" to="/">
          <span className="leaf" aria-hidden="true" />
          Orchard
        </Link>
        <nav>
          <Link to="/dashboard">Dashboard</Link>
          <Link to="/profile">Profile</Link>
        </nav>
        <div className="account">
          <Show when="signed-out">
            <SignInButton>
              <button className="quiet">Sign in</button>
            </SignInButton>
            <SignUpButton>
              <button className="primary">Sign up</button>
            </SignUpButton>
          </Show>
          <Show when="signed-in">
            <UserButton />
          </Show>
        </div>
      </header>
      <main>
        <Page />
      </main>
    </>
  );
}

function Page() {
  const [, page] = usePathname().split('/');
  switch (page) {
    case 'sign-in':
      return (
        <div className="centered">
          <SignIn routing="path" path="/sign-in" fallbackRedirectUrl="/dashboard" />
        </div>
      );
    case 'sign-up':
      return (
        <div className="centered">
          <SignUp routing="path" path="/sign-up" fallbackRedirectUrl="/dashboard" />
        </div>
      );
    case 'profile':
      return (
        <Protected>
          <div className="centered">
            <UserProfile routing="path" path="/profile" />
          </div>
        </Protected>
      );
    case 'dashboard':
      return (
        <Protected>
          <Dashboard />
        </Protected>
      );
    default:
      return <Home />;
  }
}

function Protected({ children }: { children: ReactNode }) {
  return (
    <>
      <Show when="signed-in">{children}</Show>
      <Show when="signed-out">
        <RedirectToSignIn />
      </Show>
    </>
  );
}

function Home() {
  return (
    <section className="hero">
      <p className="eyebrow">React · Vite · no middleware</p>
      <h1>A single page, and your own server behind it.</h1>
      <Show when="signed-out">
        <p className="lead" data-testid="session-state">
          You are signed out.
        </p>
        <p className="actions">
          <Link className="button primary" to="/sign-up">
            Create an account
          </Link>
        </p>
      </Show>
      <Show when="signed-in">
        <p className="lead" data-testid="session-state">
          You are signed in.
        </p>
        <p className="actions">
          <Link className="button primary" to="/dashboard">
            Go to your dashboard
          </Link>
        </p>
      </Show>
    </section>
  );
}
