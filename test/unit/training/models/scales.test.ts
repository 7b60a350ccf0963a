import { expect, it } from 'vitest';
import { scalesOf } from '../../../../src/contract/model/model.ts';
import { restored } from '../../../../src/training/models/scales.ts';

const member = { file: 'weights.safetensors', bytes: 1, sha256: '', seed: 1, scale: null };

it('numbers come back in their own units, whether there is one or several', () => {
  const one = { mean: 10, deviation: 2 };
  expect(scalesOf({ ...member, scale: one })).toEqual([one]);
  expect(scalesOf({ ...member, scales: [one, one] })).toHaveLength(2);
  expect([...restored(Float32Array.of(1, 1, 0, 0), [one, { mean: 0, deviation: 5 }])]).toEqual([
    12, 5, 10, 0,
  ]);
  expect(scalesOf(member)).toBeNull();
  expect([...restored(Float32Array.of(0.5), null)]).toEqual([0.5]);
});
