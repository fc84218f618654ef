// Packs the browser bundles of the pinned @clerk packages into dist/, ready to be embedded and served under /npm.
//
//   dist/<package>/<exact version>/<file>.gz   every file that a browser can load, unchanged, gzipped
//   dist/manifest.json                         what is there: path, sha256 and size of the unpacked file, media type
//
// The same input always gives the same bytes, and a run with nothing to do returns at once.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');

/** What is served: the folder below node_modules, the name it is served under, and the scripts that pages ask for by name. */
const served = [
  { folder: '@clerk/clerk-js', name: '@clerk/clerk-js', entries: ['clerk.browser.js'] },
  { folder: '@clerk/ui', name: '@clerk/ui', entries: ['ui.browser.js', 'ui.shared.browser.js'] },
  { folder: 'clerk-js-5', name: '@clerk/clerk-js', entries: ['clerk.browser.js', 'clerk.headless.browser.js'] },
];

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');

function fail(message) {
  console.error(`pack: ${message}`);
  process.exit(1);
}

/** The chunks of an entry carry the entry's build hash in their names, so all it can ever load is found by that hash. */
function chunksOf(source, entry, version, files) {
  const hash = source.match(/\.h=\(\)=>"([0-9a-f]{6})[0-9a-f]*"/)?.[1];
  if (!hash) fail(`${entry} ${version}: no build hash found, its chunk naming has changed`);
  const chunks = files.filter(file => file.endsWith(`_${hash}_${version}.js`));
  if (chunks.length === 0) fail(`${entry} ${version}: no chunk with build hash ${hash}`);
  return chunks;
}

function filesOf({ folder, entries }, version) {
  const root = join(here, 'node_modules', folder);
  const files = readdirSync(join(root, 'dist'));
  const scripts = entries.flatMap(entry => {
    const source = readFileSync(join(root, 'dist', entry), 'utf8');
    return [entry, ...chunksOf(source, entry, version, files)];
  });
  return [
    { path: 'LICENSE', source: join(root, 'LICENSE'), type: 'text/plain; charset=utf-8' },
    ...scripts.map(path => ({ path, source: join(root, 'dist', path), type: 'text/javascript; charset=utf-8' })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function gzip(bytes) {
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 0xff; // the header names the operating system; "unknown" keeps the bytes equal on all of them
  return packed;
}

function installedVersion(folder) {
  const manifest = join(here, 'node_modules', folder, 'package.json');
  if (!existsSync(manifest)) fail(`${folder} is not installed; run "npm ci" in web/sdk-bundles first`);
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

function isUpToDate(stamp) {
  const manifest = join(dist, 'manifest.json');
  const stampFile = join(dist, '.stamp');
  if (!existsSync(manifest) || !existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) return false;
  const { packages } = JSON.parse(readFileSync(manifest, 'utf8'));
  return packages.every(({ name, version, files }) => files.every(({ path }) => existsSync(join(dist, name, version, `${path}.gz`))));
}

function pack(versions, stamp) {
  const fresh = `${dist}.new`;
  rmSync(fresh, { recursive: true, force: true });
  let total = 0;
  const packages = served.map((item, index) => {
    const version = versions[index];
    const target = join(fresh, item.name, version);
    mkdirSync(target, { recursive: true });
    const files = filesOf(item, version).map(({ path, source, type }) => {
      const bytes = readFileSync(source);
      const packed = gzip(bytes);
      total += packed.length;
      writeFileSync(join(target, `${path}.gz`), packed);
      return { path, sha256: sha256(bytes), type, size: bytes.length };
    });
    return { name: item.name, version, major: Number(version.split('.')[0]), files };
  });
  writeFileSync(join(fresh, 'manifest.json'), `${JSON.stringify({ packages }, null, 1)}\n`);
  writeFileSync(join(fresh, '.stamp'), stamp);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
  const count = packages.reduce((sum, { files }) => sum + files.length, 0);
  console.log(`pack: ${count} files, ${(total / 1e6).toFixed(2)} MB`);
}

const versions = served.map(({ folder }) => installedVersion(folder));
const stamp = sha256(JSON.stringify([readFileSync(fileURLToPath(import.meta.url), 'utf8'), versions]));
if (isUpToDate(stamp)) {
  console.log('pack: up to date');
} else {
  pack(versions, stamp);
}
