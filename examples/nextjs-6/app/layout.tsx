import { ClerkProvider } from '@clerk/nextjs';
import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { AccountMenu } from './account-menu';
import './globals.css';

export const metadata: Metadata = {
  title: 'Orchard – a Verger example',
  description: 'A Next.js app with unmodified Clerk packages on your own server.',
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <ClerkProvider appearance={{ variables: { colorPrimary: '#2c6e49', borderRadius: '0.6rem' } }}>
          <header className="bar">
            <Link className="brand" href="/">
              <span className="leaf" aria-hidden="true" />
              Orchard
            </Link>
            <nav>
              <Link href="/dashboard">Dashboard</Link>
              <Link href="/profile">Profile</Link>
            </nav>
            <AccountMenu />
          </header>
          <main>{children}</main>
        </ClerkProvider>
      </body>
    </html>
  );
}
