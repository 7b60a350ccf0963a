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

test('of very many sets of several samples the small ones fall whole and by chance, in the shares of each stratum', () => {
  const pairs = 400_000;
  const count = pairs + 100;
  // 200,000 pairs, of which the first sample has no label; then 5 sets of 20.
  const groups = Int32Array.from({ length: count }, (_, index) =>
    index < pairs ? index >> 1 : pairs / 2 + Math.floor((index - pairs) / 20),
  );
  const strata = Int32Array.from({ length: count }, (_, index) =>
    index < pairs && index % 2 === 0 ? -1 : (index >> 1) % 4 === 0 ? 1 : 0,
  );
  const candidates = Int32Array.from({ length: count }, (_, index) => index);
  const splits = new Uint8Array(count);
  drawSplits({ strata, groups, candidates, validation: 0.15, test: 0.2, seed: 1 }, splits);
  const parted = candidates.filter(
    (index) => groups[index] === groups[index - 1] && splits[index] !== splits[index - 1],
  );
  expect(parted).toHaveLength(0);
  for (const stratum of [0, 1]) {
    const own = splits.filter((_, index) => strata[index] === stratum);
    const share = (code: number) => own.filter((found) => found === code).length / own.length;
    expect(share(SPLIT_CODE.test)).toBeCloseTo(0.2, 3);
    expect(share(SPLIT_CODE.validation)).toBeCloseTo(0.15, 3);
  }
});
