import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '../../../electron/examine.ts';

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-examine-'));
  mkdirSync(at('cells'));
  mkdirSync(at('mine.pretext'));
  writeFileSync(at('mine.pretext/project.db'), '');
  writeFileSync(at('study.yaml'), 'name: A\n');
  writeFileSync(at('labels.csv'), 'a,b\n');
  writeFileSync(at('large.yml'), 'x'.repeat(1_000_001));
  execFileSync('mkfifo', [at('pipe')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('tells projects, recipes and data apart', () => {
  expect(examine(at('mine.pretext'))).toEqual({ kind: 'project', path: at('mine.pretext'), name: 'mine' });
  expect(examine(at('study.yaml'))).toEqual({
    kind: 'recipe',
    path: at('study.yaml'),
    folder,
    text: 'name: A\n',
  });
  expect(examine(at('cells'))).toEqual({ kind: 'data', path: at('cells') });
  expect(examine(at('labels.csv'))).toEqual({ kind: 'data', path: at('labels.csv') });
});

test.each([
  ['nowhere', 'path.unreadable'],
  ['pipe', 'path.no-file'],
  ['large.yml', 'recipe.too-large'],
])('%s is refused with its reason', (name, code) => {
  expect(examine(at(name))).toMatchObject({ kind: 'unreadable', failure: { code, place: at(name) } });
});
