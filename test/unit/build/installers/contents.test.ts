import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  billOfMaterials,
  checkContents,
  packageNames,
  weigh,
  whyRefusedByWindows,
} from '../../../../build/installers/contents.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-contents-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text = 'x'): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe('names', () => {
  test.each(['a:b', 'what?', 'end.', 'end ', 'nul', 'NUL.txt', 'com1.log', 'a/aux/b', 'x'.repeat(200)])(
    'Windows refuses %s',
    (path) => expect(whyRefusedByWindows(path)).not.toBeNull(),
  );
  test.each(['console.js', 'a/nullable.txt', '.hidden', 'com10.txt'])('Windows takes %s', (path) =>
    expect(whyRefusedByWindows(path)).toBeNull(),
  );
});

describe('the packaged program', () => {
  test('is weighed part by part, and a file of no part is a fault', () => {
    put('resources/runtime/libtensorflow_cc.so.2', '12345');
    put('resources/bin/node', '123');
    put('pretext-studio', '12');
    const bytes = Object.fromEntries(weigh(folder).map((part) => [part.id, part.bytes]));
    expect(bytes).toMatchObject({ tensorflow: 5, node: 3, electron: 2, samples: 0 });
    put('somewhere/else');
    expect(() => weigh(folder)).toThrow(/somewhere\/else belongs to no part/);
  });

  test.each([
    ['resources/aux.txt', /device/],
    ['resources/app.asar.unpacked/out/service.mjs.map', /of no use/],
    ['resources/app.asar.unpacked/node_modules/left-pad/index.js', /has no notice/],
  ])('is refused with %s', (path, words) => {
    put(path);
    expect(() => checkContents(folder)).toThrow(words);
  });

  test('is refused with two names that are one elsewhere', () => {
    put('resources/Readme');
    put('resources/README');
    expect(() => checkContents(folder)).toThrow(/are one file/);
  });

  test('packages are found inside one another', () => {
    const inside =
      'resources/app.asar.unpacked/node_modules/@tensorflow/tfjs-node/node_modules/debug/src/a.js';
    expect(packageNames([inside, 'resources/app.asar.unpacked/node_modules/pino/p.js'])).toEqual([
      'debug',
      'pino',
    ]);
  });
});

test('the bill of materials names each part once, with a licence, and is the same each time', () => {
  put(
    'resources/runtime/runtime.json',
    JSON.stringify({ version: '2.21.0', source: 'x.whl', sha256: 'a'.repeat(64) }),
  );
  const program = { folder, version: '1.0.0', electron: '45.4.1', node: '24.21.0' };
  const bill = billOfMaterials(program);
  expect(billOfMaterials(program)).toEqual(bill);
  expect([bill.bomFormat, bill.specVersion]).toEqual(['CycloneDX', '1.6']);
  const references = bill.components.map((component: { 'bom-ref': string }) => component['bom-ref']);
  expect(new Set(references).size).toBe(references.length);
  const names = bill.components.map(({ name }: { name: string }) => name);
  for (const name of ['Electron', 'Node.js', 'TensorFlow', 'sharp', 'better-sqlite3', 'svelte'])
    expect(names).toContain(name);
  const without = bill.components.filter(
    (component: { type: string; licenses?: unknown[] }) => component.type !== 'file' && !component.licenses,
  );
  expect(without).toEqual([]);
});
