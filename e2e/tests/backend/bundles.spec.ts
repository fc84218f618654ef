import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../../fixtures';
import { repository } from '../../stack/paths';

/** Folder below node_modules, name and major that it is served under, and its entry. */
const packages = [
  ['@clerk/clerk-js', '@clerk/clerk-js@6', 'clerk.browser.js'],
  ['clerk-js-5', '@clerk/clerk-js@5', 'clerk.browser.js'],
  ['@clerk/ui', '@clerk/ui@1', 'ui.browser.js'],
] as const;

for (const [folder, served, entry] of packages) {
  test(`the bundles of ${served} are served as npm has them, with their licence`, async ({ app }) => {
    const root = join(repository, 'web', 'sdk-bundles', 'node_modules', folder);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const base = `${app.instance.frontend_api_url}/npm/${served}`;
    const exact = base.replace(/@\d+$/, `@${version}`);

    const first = await fetch(`${base}/dist/${entry}`);
    expect(first.status).toBe(200);
    expect(first.headers.get('content-encoding')).toBe('gzip');
    expect(Buffer.from(await first.arrayBuffer()).equals(readFileSync(join(root, 'dist', entry)))).toBe(true);
    const licence = await fetch(`${base}/dist/LICENSE`);
    expect(await licence.text()).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));

    // Of the chunks, those that belong to this entry carry its build hash; asking for the others is answered with 404.
    const chunks = readdirSync(join(root, 'dist')).filter(file => file.endsWith(`_${version}.js`));
    const answers = await Promise.all(chunks.map(chunk => fetch(`${exact}/dist/${chunk}`)));
    const found = answers.map((answer, at) => ({ answer, chunk: chunks[at] })).filter(({ answer }) => answer.status === 200);
    expect(found.length).toBeGreaterThan(0);
    for (const { answer, chunk } of found) {
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(Buffer.from(await answer.arrayBuffer()).equals(readFileSync(join(root, 'dist', chunk)))).toBe(true);
    }
  });
}
