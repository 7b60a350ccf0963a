import { expect, it } from 'vitest';
import { targetsText } from '../../../../src/contract/data/target.ts';
import { labelKinds } from '../../../../src/contract/words.ts';

it('several labels are read as those that are there, with what is not known', () => {
  expect(targetsText([1, 0, 1], ['a', 'b', 'c'], 'labels')).toBe('a, c');
  expect(targetsText([0, 0.4], ['a', 'b'], 'labels')).toBe('none of the labels');
  expect(targetsText([NaN, 1], ['a', 'b'], 'labels')).toBe('b, a ?');
  expect(targetsText([NaN, NaN], ['a', 'b'], 'labels')).toBeNull();
});

it('several numbers are read with their names', () => {
  expect(targetsText(Float32Array.of(0.1, NaN), ['a', 'b'], 'numbers')).toBe('a 0.1, b ?');
});

it('what labels there are is said in few words', () => {
  const said = (['classes', 'number', 'labels', 'numbers'] as const).map((target) =>
    labelKinds({ target, classes: [1, 2] }),
  );
  expect(said).toEqual(['2 classes', 'numbers', '2 labels at once', '2 numbers each']);
});
