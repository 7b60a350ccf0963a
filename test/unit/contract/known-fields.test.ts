import { expect, it } from 'vitest';
import { z } from 'zod';
import { asStored, knownFields } from '../../../src/contract/known-fields.ts';
import { recipeSchema } from '../../../src/contract/recipe/recipe.ts';

const schema = z.strictObject({
  name: z.string(),
  part: z.strictObject({ side: z.number() }).optional(),
  list: z.array(z.strictObject({ side: z.number() })).optional(),
  named: z.record(z.string(), z.strictObject({ side: z.number() })).optional(),
  either: z
    .discriminatedUnion('by', [
      z.strictObject({ by: z.literal('a'), side: z.number() }),
      z.strictObject({ by: z.literal('b') }),
    ])
    .optional(),
  free: z.record(z.string(), z.unknown()).optional(),
});

it('gives a document back as it is where all of it is known', () => {
  const document = { name: 'x', free: { anything: { goes: 1 } } };
  expect(knownFields(schema, document)).toBe(document);
});

it('leaves out what the schema does not know, on every level, and does not touch what it was given', () => {
  const document = {
    name: 'x',
    gone: 1,
    part: { side: 1, gone: { deep: true } },
    list: [{ side: 1 }, { side: 2, gone: 0 }],
    named: { 'a b': { side: 3, gone: 0, also: 0 } },
    either: { by: 'b', side: 4 },
    free: { gone: 1 },
  };
  const before = structuredClone(document);
  expect(knownFields(schema, document)).toEqual({
    name: 'x',
    part: { side: 1 },
    list: [{ side: 1 }, { side: 2 }],
    named: { 'a b': { side: 3 } },
    either: { by: 'b' },
    free: { gone: 1 },
  });
  expect(document).toEqual(before);
});

it('keeps what is wrong, for whoever checks it', () => {
  expect(knownFields(schema, { name: 7, gone: 1, part: { gone: 1 } })).toEqual({ name: 7, part: {} });
  expect([knownFields(schema, null), knownFields(schema, 'text')]).toEqual([null, 'text']);
});

it('lets a recipe of another version be read by this one', () => {
  const recipe = recipeSchema.parse({
    name: 'cells',
    data: {
      pretrain: ['cells'],
      import: { cells: { path: 'cells', split: { by: 'random' }, signals: {} } },
    },
    pretext: {},
    finetune: {},
  });
  const other = structuredClone(recipe) as unknown as Record<string, Record<string, unknown>>;
  other['telemetry'] = {};
  other['encoder']!['width'] = 3;
  other['pretext']!['mixedPrecision'] = true;
  other['finetune']!['epoch'] = 3;
  other['device']!['cores'] = 4;
  const imported = (other['data']!['import'] as Record<string, Record<string, Record<string, unknown>>>)[
    'cells'
  ]!;
  imported['signals']!['overlap'] = 0.5;
  imported['split']!['shuffled'] = true;
  expect(recipeSchema.safeParse(other).success).toBe(false);
  expect(knownFields(recipeSchema, other)).toEqual(recipe);
});

it('lets a part of a stored document have fields more, where the rest of it is strict', () => {
  const document = z.strictObject({ options: asStored(schema), name: z.string() });
  expect(document.parse({ options: { name: 'x', gone: 1 }, name: 'y' })).toEqual({
    options: { name: 'x' },
    name: 'y',
  });
  expect(document.safeParse({ options: { name: 7, gone: 1 }, name: 'y' }).error?.issues).toMatchObject([
    { path: ['options', 'name'], code: 'invalid_type' },
  ]);
});
