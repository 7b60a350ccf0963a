import { expect, it } from 'vitest';
import { filterWords } from '../../../../../renderer/lib/words/row-filters.ts';

it('says a filter in words', () => {
  expect(
    [
      { column: 'age', from: 30, to: 40 },
      { column: 'age', from: 30 },
      { column: 'age', to: 40 },
      { column: 'sex', categories: ['Female'] },
      { column: 'weight', missing: true },
    ].map(filterWords),
  ).toEqual(['age: 30 to 40', 'age: at least 30', 'age: at most 40', 'sex: Female', 'weight: not known']);
});
