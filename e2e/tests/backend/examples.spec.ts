import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { examples } from '../../stack/paths';

test('the two Next.js examples are one app, but for what the majors name differently', () => {
  const filesOf = (app: string) =>
    readdirSync(join(examples, app, 'app'), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(join(examples, app).length))
      .sort();
  expect(filesOf('nextjs-6')).toEqual(filesOf('nextjs'));

  const differing = filesOf('nextjs').filter(
    file => readFileSync(join(examples, 'nextjs', file), 'utf8') !== readFileSync(join(examples, 'nextjs-6', file), 'utf8'),
  );
  expect(differing).toEqual(['/app/account-menu.tsx']);
  expect(readFileSync(join(examples, 'nextjs-6', 'middleware.ts'), 'utf8')).toBe(
    readFileSync(join(examples, 'nextjs', 'proxy.ts'), 'utf8'),
  );
});
