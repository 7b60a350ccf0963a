import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('the drawing of the rooms shows the imports as they are', () => {
  const script = join(root, 'build', 'architecture.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

it.each(['architecture.md', 'contributing.md'])('files and folders that %s names are there', (name) => {
  const text = readFileSync(join(root, 'docs', name), 'utf8');
  const named = [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)].map(([, path]) => path!);
  expect(named.length).toBeGreaterThan(10);
  // The house names its rooms without the folder that they all lie in; `src/export` is for those who come after.
  const missing = named.filter(
    (path) => path !== 'src/export' && !existsSync(join(root, path)) && !existsSync(join(root, 'src', path)),
  );
  expect(missing).toEqual([]);
});
