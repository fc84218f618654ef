import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const e2e = dirname(dirname(fileURLToPath(import.meta.url)));
export const repository = dirname(e2e);
export const examples = join(repository, 'examples');
export const artifacts = join(e2e, 'artifacts');

/** What the APIs answered in a run, a line of JSON per answer. */
export const answers = join(artifacts, 'answers.jsonl');

/** The binary under test. */
export const verger = process.env.VERGER_BIN ?? join(repository, 'target', 'release', 'verger');
