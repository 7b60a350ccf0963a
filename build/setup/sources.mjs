// Whether the bundles in out/ are those of the sources: a digest of names, sizes and times.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const FOLDERS = ['src', 'electron', 'renderer'];
const FILES = ['build/bundle.mjs', 'package-lock.json'];

export function sourcesDigest() {
  const hash = createHash('sha256');
  for (const file of FILES) hash.update(readFileSync(join(root, file)));
  for (const folder of FOLDERS) {
    for (const name of readdirSync(join(root, folder), { recursive: true }).sort()) {
      const { size, mtimeMs, isFile } = fileFacts(join(root, folder, String(name)));
      if (isFile) hash.update(`${folder}/${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function fileFacts(path) {
  const facts = statSync(path);
  return { size: facts.size, mtimeMs: facts.mtimeMs, isFile: facts.isFile() };
}

/** Whether out/ was bundled from the sources as they are. */
export function bundlesAreCurrent() {
  const mark = join(root, 'out', 'bundle.json');
  return existsSync(mark) && JSON.parse(readFileSync(mark, 'utf8')).sources === sourcesDigest();
}
