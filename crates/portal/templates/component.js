(() => {
  const config = JSON.parse(document.getElementById('config').textContent);
  const notice = document.getElementById('notice');
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const loopback = /^https?:\/\/(localhost|[a-z0-9-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;
  const appearance = {
    variables: {
      fontFamily: 'inherit',
      ...(dark && {
        colorBackground: '#1c1e22',
        colorInput: '#24272c',
        colorForeground: '#f0f0ee',
        colorInputForeground: '#f0f0ee',
        colorMutedForeground: '#a2a5ac',
        colorNeutral: '#ffffff',
        colorPrimary: '#f0f0ee',
        colorPrimaryForeground: '#1b1c1f',
      }),
    },
  };

  async function start() {
    const { Clerk } = window;
    if (!Clerk || !window.__internal_ClerkUICtor) throw new Error('a script of this page could not be loaded');
    await Clerk.load({
      ui: { ClerkUI: window.__internal_ClerkUICtor },
      signInUrl: config.signInUrl,
      signUpUrl: config.signUpUrl,
      signInFallbackRedirectUrl: config.afterUrl,
      signUpFallbackRedirectUrl: config.afterUrl,
      afterSignOutUrl: config.signInUrl,
      allowedRedirectOrigins: config.loopback
        ? [...config.allowedRedirectOrigins, loopback]
        : config.allowedRedirectOrigins,
      telemetry: false,
      appearance,
    });
    if (config.component === 'UserProfile' && !Clerk.user) {
      await Clerk.redirectToSignIn({ redirectUrl: config.userUrl });
      return;
    }
    // A session with a task left is no way into the profile: the task comes first, wherever the components went.
    if (config.component === 'UserProfile' && Clerk.session?.currentTask) {
      await Clerk.redirectToTasks();
      return;
    }
    const signOut = document.getElementById('sign-out');
    if (signOut) {
      signOut.hidden = false;
      signOut.addEventListener('click', () => Clerk.signOut());
    }
    notice.hidden = true;
    Clerk[`mount${config.component}`](document.getElementById('component'), { routing: 'path', path: config.path });
  }

  // Deferred scripts have run by then.
  addEventListener('DOMContentLoaded', () => {
    start().catch(error => {
      notice.textContent = `This page could not start: ${error.message}`;
    });
  });
})();
