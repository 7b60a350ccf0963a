import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nativeBackend, type Binding } from '../../../src/tensor/backend.ts';
import { knowsOwnOperations, OWN_OPERATIONS } from '../../../src/tensor/own-operations.ts';
import './helpers.ts';
import { ownKernelsThere } from './own-kernels.ts';

const sources = ['operations.cc', 'rows.cc', 'views.cc'].map((name) =>
  readFileSync(new URL(`../../../src/tensor/native/${name}`, import.meta.url), 'utf8'),
);

test('every operation that the addon registers is tried', () => {
  const registered = [...sources.join('').matchAll(/\{"(Pretext\w+)"/g)].map(([, name]) => name);
  expect(registered.length).toBeGreaterThan(8);
  expect(Object.keys(OWN_OPERATIONS).sort()).toEqual(registered.sort());
});

test('no operation is registered where kernels that it takes may be missing, nor runs without', () => {
  for (const source of sources) {
    // Alone `kernelsOf` says what is missing.
    const asked = [...source.matchAll(/(\S*)kernelsFor\((\w+)\)/g)];
    expect(asked.map(([, before]) => before!.replace('(', ''))).toEqual(asked.map(() => '!'));
    const taken = new Set(source.match(/\bk\w+Channels\b/g));
    expect(new Set(asked.map(([, , channels]) => channels))).toEqual(taken);
  }
});

test.skipIf(!ownKernelsThere)(
  'an addon that lacks one, as those of earlier versions do, counts as none',
  () => {
    const addon = nativeBackend().binding;
    const before = addon.getNumOfTensors();
    expect(knowsOwnOperations(addon)).toBe(true);
    for (const name of Object.keys(OWN_OPERATIONS)) {
      const executeOp: Binding['executeOp'] = (op, ...rest) => {
        if (op === name) throw new Error(`Op type not registered '${op}'`);
        return addon.executeOp(op, ...rest);
      };
      const old = new Proxy(addon, {
        get: (target, key) => (key === 'executeOp' ? executeOp : target[key as keyof Binding]),
      });
      expect(knowsOwnOperations(old), name).toBe(false);
    }
    expect(addon.getNumOfTensors()).toBe(before);
  },
);
