import { SignedIn, SignedOut, SignInButton, SignUpButton, UserButton } from '@clerk/nextjs';

/** The right end of the header: two buttons for a visitor, the avatar for somebody signed in. */
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
