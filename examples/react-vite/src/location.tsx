import { useSyncExternalStore, type ReactNode } from 'react';

const changed = 'locationchange';

/** Goes to a path of this app without loading the page anew. */
export function push(to: string) {
  window.history.pushState(null, '', to);
  window.dispatchEvent(new Event(changed));
}

/** Like `push`, but the page left behind is not kept in the history. */
export function replace(to: string) {
  window.history.replaceState(null, '', to);
  window.dispatchEvent(new Event(changed));
}

function subscribe(notify: () => void) {
  window.addEventListener(changed, notify);
  window.addEventListener('popstate', notify);
  return () => {
    window.removeEventListener(changed, notify);
    window.removeEventListener('popstate', notify);
  };
}

export function usePathname() {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

export function Link({ to, className, children }: { to: string; className?: string; children: ReactNode }) {
  return (
    <a
      className={className}
      href={to}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        push(to);
      }}
    >
      {children}
    </a>
  );
}
