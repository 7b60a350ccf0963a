/**
 * Each file with logic has a unit test that says so: one of its name, or one that imports it itself. That it runs in the
 * tests of what uses it, or in real processes (`test/integration`, `test/e2e`), is not enough: those do not say which file
 * is wrong.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Components have tests of the window. */
const ROOMS = ['src', 'electron', 'renderer/api', 'renderer/lib', 'renderer/state'];
const FEWEST_LINES = 40;
/** A test takes along whatever these name: gradients of each task and encoder, samples of each kind of data. */
const REGISTRIES = ['learning/encoders', 'learning/pretext', 'learning/modalities', 'data/modalities'].map(
  (place) => `src/${place}/registry.ts`,
);

const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => posix.join(folder, file.replaceAll('\\', '/')))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));

const sources = new Map(ROOMS.flatMap(filesIn).map((file) => [file, textOf(file)]));
const tests = filesIn('test/unit');

/** Ours that a file names behind `from`, or in `import(…)`. */
function named(file: string, text: string, pattern = /(?:from|import\()\s*'(\.[^']+)'/g): string[] {
  return [...text.matchAll(pattern)].map(([, path]) => posix.join(posix.dirname(file), path!));
}

function importedByTests(): Set<string> {
  const found = new Set(tests.flatMap((file) => named(file, textOf(file))));
  // A file that passes on what others hold stands for them; sets take in what is added while they are walked through.
  for (const file of found)
    for (const passed of named(file, sources.get(file) ?? '', /export [^;]*? from '(\.[^']+)'/g))
      found.add(passed);
  for (const registry of REGISTRIES)
    for (const entry of named(registry, sources.get(registry)!)) found.add(entry);
  return found;
}

const withoutComments = (text: string) =>
  text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
const hasLogic = (text: string) =>
  text.split('\n').length > FEWEST_LINES && /\breturn\b|\b(?:if|for|while) \(/.test(withoutComments(text));
const testOf = (file: string) =>
  `test/unit/${file.replace(/^src\//, '').replace(/(\.svelte)?\.ts$/, '.test.ts')}`;

function untested(): string[] {
  const imported = importedByTests();
  const there = new Set(tests);
  return [...sources]
    .filter(([file, text]) => hasLogic(text) && !imported.has(file) && !there.has(testOf(file)))
    .map(([file]) => file)
    .toSorted();
}

it('every file with logic has a unit test', () => {
  expect(sources.size).toBeGreaterThan(900);
  // Write a test of its name for what stands here.
  expect(untested()).toEqual([]);
});
