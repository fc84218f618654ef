'use client';

import { SignedIn, SignedOut, SignInButton, SignUpButton, UserButton } from '@clerk/nextjs';

/**
 * The right end of the header: two buttons for a visitor, the avatar for somebody signed in. In the browser, because the layout
 * around the pages is not rendered anew when somebody signs up and is sent on.
 */
export function AccountMenu() {
  return (
    <div className="account">
      <SignedOut>
        <SignInButton>
          <button className="quiet">Sign in</button>
        </SignInButton>
        <SignUpButton>
          <button className="primary">Sign up</button>
        </SignUpButton>
      </SignedOut>
      <SignedIn>
        <UserButton />
      </SignedIn>
    </div>
  );
}
