import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { arrayFiles, fromText, IN_TEXT, toText } from '../../../src/bundle/arrays.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

const value = {
  name: 'a',
  offsets: new Float64Array([0, 1.5, 2 ** 40]),
  splits: new Uint8Array([0, 1, 2]),
  classIds: new Int32Array([-1, 7]),
  numbers: new Float32Array([NaN, 0.25]),
  parts: [{ again: new Uint8Array([0, 1, 2]) }],
};

it('brings arrays back as they were, from the text itself', () => {
  expect(fromText(toText(value, IN_TEXT), IN_TEXT)).toEqual(value);
});

it('keeps arrays in files, the same ones once', () => {
  const folder = temporaryFolder();
  const text = toText(value, arrayFiles(folder));
  expect(readdirSync(join(folder, 'arrays'))).toHaveLength(4);
  expect(text.length).toBeLessThan(700);
  expect(fromText(text, arrayFiles(folder))).toEqual(value);
});

it('refuses a file that is not as it was, and a name that is no hash', () => {
  const folder = temporaryFolder();
  const text = toText({ splits: new Uint8Array([1, 2, 3]) }, arrayFiles(folder));
  const [file] = readdirSync(join(folder, 'arrays'));
  writeFileSync(join(folder, 'arrays', file!), Buffer.from([1, 2, 4]));
  expect(() => fromText(text, arrayFiles(folder))).toThrow(/not as it was/);
  const crafted = '{"splits":{"$array":"u8","sha256":"../../secret"}}';
  expect(() => fromText(crafted, arrayFiles(folder))).toThrow(/not as it was/);
});
