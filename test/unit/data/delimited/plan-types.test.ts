import { expect, it } from 'vitest';
import { sameColumns, sameRate } from '../../../../src/data/delimited/plan-types.ts';
import { dialectOf } from './heads.ts';

it('knows the same columns by number and names, or by number alone where one has no names', () => {
  const [xy, yx, none, three] = [
    'x,y\n1.5,2\n3,4\n',
    'y,x\n1.5,2\n3,4\n',
    '1.5,2\n3,4.5\n',
    '1.5,2,3\n3,4.5,6\n',
  ].map(dialectOf);
  expect(sameColumns(xy!, dialectOf('x,y\n7.5,8\n9,10\n'))).toBe(true);
  expect(sameColumns(xy!, yx!)).toBe(false);
  expect(sameColumns(xy!, none!)).toBe(true);
  expect(sameColumns(none!, three!)).toBe(false);
});

it('takes rates for the same within two hundredths, within fifteen where rows are lost', () => {
  expect([100, 101.9, 98, 102.1, 97.9].map((hz) => sameRate(hz, 100))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect([114, 86, 116].map((hz) => sameRate(hz, 100, true))).toEqual([true, true, false]);
});
