import { clerkMiddleware, createRouteMatcher } from '@clerk/nextjs/server';

const needsSession = createRouteMatcher(['/dashboard(.*)', '/profile(.*)', '/portal-protected(.*)']);
const usesPortal = createRouteMatcher(['/portal-protected(.*)']);

// Where Verger answers; its Account Portal has the pages /sign-in, /sign-up and /user.
const portal = process.env.NEXT_PUBLIC_CLERK_PROXY_URL;

// Comma-separated origins. When set, session tokens made for any other origin are refused.
const authorizedParties = process.env.CLERK_AUTHORIZED_PARTIES?.split(',');

export default clerkMiddleware(
  async (auth, request) => {
    if (needsSession(request)) await auth.protect();
  },
  request => ({
    authorizedParties,
    ...(usesPortal(request) && { signInUrl: `${portal}/sign-in`, signUpUrl: `${portal}/sign-up` }),
  }),
);

export const config = {
  matcher: ['/((?!_next|[^?]*\\.(?:html?|css|js|jpe?g|png|gif|svg|ico|webp|woff2?|txt|webmanifest)).*)', '/(api|trpc)(.*)'],
};
