import { describe, expect, it } from 'vitest';
import { allOf, commonOf, namedOf, placesOf } from '../../../../src/data/together/named-alike.ts';

const naming = {
  keyOf: (name: string) => name.toLowerCase(),
  written: (name: string) => name,
  thing: 'column',
};

describe('names of several datasets', () => {
  const first = namedOf('first', ['Age', 'Sex'], {}, naming);
  const second = namedOf('second', ['years', 'sex'], { years: 'age' }, naming);

  it('are the same whatever a person calls them', () => {
    expect(commonOf([first, second]).map(({ name }) => name)).toEqual(['Age', 'Sex']);
    expect(placesOf(first, second)).toEqual([0, 1]);
  });

  it('are all taken once, in their order', () => {
    const third = namedOf('third', ['height', 'AGE'], {}, naming);
    expect(allOf([first, third]).map(({ name }) => name)).toEqual(['Age', 'Sex', 'height']);
    expect(placesOf(allOf([first, third]), third)).toEqual([1, -1, 0]);
  });
});
