import { expect, it } from 'vitest';
import { z } from 'zod';
import {
  asField,
  integerField,
  recordField,
  textField,
  unionField,
} from '../../../../src/contract/fields.ts';
import { checkFields, nameOf } from '../../../../src/service/recipes/field-check.ts';

const side = integerField({ help: 'Side.', minimum: 1, maximum: 9, default: 4 });
const key = textField({ help: 'A name.', pattern: /^[a-z]+$/, allowed: 'small letters' });
const schema = z.strictObject({
  part: z.strictObject({ side }).prefault({}),
  named: recordField({ help: 'By name.', keys: key, of: z.strictObject({ side }), default: {} }),
  list: z
    .array(
      unionField({
        help: 'Either.',
        allowed: 'text, or { side: 3 }',
        forms: [z.string(), z.strictObject({ side })],
      }),
    )
    .default([]),
  mode: asField(z.enum(['a', 'b']), { help: 'Which.', optional: true }),
  both: z
    .strictObject({ low: side, high: side })
    .refine(({ low, high }) => low <= high, { error: 'must rise. Found: a fall.' })
    .optional(),
});
const problems = (input: unknown) =>
  checkFields(schema, input, ['at']).problems.map(({ path, message, aboutKey }) =>
    [path.join('.'), message, ...(aboutKey ? ['key'] : [])].join(' | '),
  );

it('gives the value with its defaults where nothing is wrong', () => {
  expect(checkFields(schema, { named: { cats: {} } })).toEqual({
    value: { part: { side: 4 }, named: { cats: { side: 4 } }, list: [] },
    problems: [],
  });
});

it('places what fields say of their values', () => {
  expect(problems({ part: { side: 0 }, mode: 'c', named: { cats: { side: 'x' } } })).toEqual([
    'at.part.side | `at.part.side` must be a whole number from 1 to 9. Found: 0',
    'at.named.cats.side | `at.named.cats.side` must be a whole number from 1 to 9. Found: "x"',
    'at.mode | `at.mode` must be one of a, b. Found: "c"',
  ]);
  expect(problems({ part: 3, list: {} })).toEqual([
    'at.part | `at.part` must be fields with values. Found: 3',
    'at.list | `at.list` must be a list. Found: {}',
  ]);
  expect(problems({ named: { 'No!': {} } })).toEqual([
    'at.named.No! | `at.named.No!` must be small letters. Found: "No!"',
  ]);
  expect(problems({ both: { low: 5, high: 2 } })).toEqual(['at.both | `at.both` must rise. Found: a fall']);
});

it('says of one of several forms what is wrong in the one that was meant', () => {
  expect(problems({ list: ['fine', { side: 3 }] })).toEqual([]);
  expect(problems({ list: ['fine', { side: 30 }, 7] })).toEqual([
    'at.list.1.side | `at.list[1].side` must be a whole number from 1 to 9. Found: 30',
    'at.list.2 | `at.list[2]` must be text, or { side: 3 }. Found: 7',
  ]);
});

it('tells unknown fields on every level, those within a part before those beside it', () => {
  expect(
    problems({ parts: {}, part: { sied: 3 }, named: { cats: { edge: 1 } }, list: [{ sid: 3 }] }),
  ).toEqual([
    'at.part.sied | `sied` is not a field here. Did you mean `side`? | key',
    'at.named.cats.edge | `edge` is not a field here. Fields here: side. | key',
    'at.list.0.sid | `sid` is not a field here. Did you mean `side`? | key',
    'at.parts | `parts` is not a field here. Did you mean `part`? | key',
  ]);
});

it('tells each of several unknown fields, beside a value that is wrong', () => {
  expect(problems({ part: { side: 0, sied: 1, colour: 2 } })).toEqual([
    'at.part.side | `at.part.side` must be a whole number from 1 to 9. Found: 0',
    'at.part.sied | `sied` is not a field here. Did you mean `side`? | key',
    'at.part.colour | `colour` is not a field here. Fields here: side. | key',
  ]);
});

it('takes the form that a value is nearest to, and none where two are as near', () => {
  const either = unionField({
    help: 'Either.',
    allowed: '{ share: 1 } or { total: 1 }',
    forms: [z.strictObject({ share: z.number().max(1) }), z.strictObject({ total: z.number() })],
  });
  const told = (input: unknown) => checkFields(either, input, ['at']).problems.map(({ message }) => message);
  expect(told({ share: 1, total: 2, more: 3 })).toEqual([
    '`at` must be { share: 1 } or { total: 1 }. Found: {"share":1,"total":2,"more":3}',
  ]);
  expect(told({ total: 2, more: 3 })).toEqual(['`more` is not a field here. Fields here: total.']);
  expect(told({ shear: 1 })).toEqual(['`at` must be { share: 1 } or { total: 1 }. Found: {"shear":1}']);
});

it('names fields as recipes are read', () => {
  expect([nameOf(['a', 2, 'b']), nameOf([])]).toEqual(['`a[2].b`', '`the recipe`']);
});
