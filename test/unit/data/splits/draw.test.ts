import { expect, test } from 'vitest';
import { SPLIT_CODE } from '../../../../src/contract/data/splits/split.ts';
import { drawSplits } from '../../../../src/data/splits/draw.ts';

test('of very many groups, sets of several samples stay whole, and shares of each stratum are kept', () => {
  const count = 300_000;
  // Samples 0 to 999 are copies in pairs; the others stand alone.
  const groups = Int32Array.from({ length: count }, (_, index) => (index < 1000 ? index >> 1 : index - 500));
  const strata = Int32Array.from({ length: count }, (_, index) => (index % 10 === 0 ? 1 : 0));
  const candidates = Int32Array.from({ length: count }, (_, index) => index);
  const draw = () => {
    const splits = new Uint8Array(count);
    drawSplits({ strata, groups, candidates, validation: 0.15, test: 0.2, seed: 1 }, splits);
    return splits;
  };
  const splits = draw();
  for (let index = 0; index < 1000; index += 2) expect(splits[index]).toBe(splits[index + 1]);
  for (const stratum of [0, 1]) {
    const own = splits.filter((_, index) => strata[index] === stratum);
    const share = (code: number) => own.filter((found) => found === code).length / own.length;
    expect(share(SPLIT_CODE.test)).toBeCloseTo(0.2, 2);
    expect(share(SPLIT_CODE.validation)).toBeCloseTo(0.15, 2);
  }
  expect(draw()).toEqual(splits);
});
