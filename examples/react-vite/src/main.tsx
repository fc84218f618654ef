import { ClerkProvider } from '@clerk/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import './globals.css';
import { push, replace } from './location';

const env = import.meta.env;
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

// Where the page loads Clerk's two scripts from. These props are real but not in the types, hence the spread below.
const scripts = {
  __internal_clerkJSUrl: env.VITE_CLERK_JS_URL,
  __internal_clerkUIUrl: env.VITE_CLERK_UI_URL,
};

createRoot(root).render(
  <StrictMode>
    {/* Of these, @clerk/react reads only the publishable key from the environment by itself; the rest must be props. */}
    <ClerkProvider
      publishableKey={env.VITE_CLERK_PUBLISHABLE_KEY}
      proxyUrl={env.VITE_CLERK_PROXY_URL}
      {...scripts}
      signInUrl="/sign-in"
      signUpUrl="/sign-up"
      routerPush={to => push(to)}
      routerReplace={to => replace(to)}
      telemetry={false}
      appearance={{ variables: { colorPrimary: '#2c6e49', borderRadius: '0.6rem' } }}
    >
      <App />
    </ClerkProvider>
  </StrictMode>,
);
