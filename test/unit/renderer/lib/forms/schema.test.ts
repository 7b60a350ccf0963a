import { expect, test } from 'vitest';
import { z } from 'zod';
import { fieldsOf, humanize, problemOf, type Field } from '../../../../../src/contract/field-schema.ts';
import { fieldsInUse, groupsOf, initialValues, schemaFor } from '../../../../../renderer/lib/forms/schema.ts';
import { describePretextTasks } from '../../../../../src/learning/catalogue.ts';
import { finetuneSchema, pretextSchema } from '../../../../../src/contract/recipe/recipe.ts';

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
const field = (fields: Field[], name: string) => {
  const found = fields.find((one) => one.name === name);
  if (!found) throw new Error(`no field ${name}`);
  return found;
};

test('every option of pretraining but the open ones becomes a field with help and default', () => {
  const fields = fieldsOf(schemaOf(pretextSchema));
  expect(fields.map((one) => one.name)).toEqual(
    Object.keys(pretextSchema.shape).filter((name) => name !== 'options'),
  );
  expect(fields.every((one) => one.help.length > 10)).toBe(true);
  expect(field(fields, 'batchSize')).toMatchObject({
    kind: 'number',
    whole: true,
    minimum: 8,
    maximum: 4096,
    initial: 128,
    title: 'Batch size',
  });
  expect(field(fields, 'optimizer')).toMatchObject({
    kind: 'choice',
    choices: ['adamw', 'momentum', 'lars'],
  });
});

test('unions are left to forms of their own', () => {
  expect(fieldsOf(schemaOf(finetuneSchema)).map((one) => one.name)).not.toContain('budgets');
});

test('initial values pass the schema that they came from', () => {
  const values = initialValues(fieldsOf(schemaOf(pretextSchema)));
  expect(pretextSchema.safeParse(values).success).toBe(true);
});

test('problems are those of the schema, and name what was found', () => {
  const fields = fieldsOf(schemaOf(pretextSchema));
  for (const [name, value] of [
    ['batchSize', 7],
    ['batchSize', 12.5],
    ['epochs', 0],
    ['learningRate', 0],
    ['learningRate', 10.5],
    ['weightDecay', -0.1],
  ] as const) {
    expect(pretextSchema.safeParse({ [name]: value }).success).toBe(false);
    expect(problemOf(field(fields, name), value)).toContain(`Found: ${value}`);
  }
  for (const [name, value] of [
    ['batchSize', 8],
    ['learningRate', 10],
    ['weightDecay', 0],
  ] as const)
    expect(problemOf(field(fields, name), value)).toBeNull();
  expect(problemOf(field(fields, 'learningRate'), Number.NaN)).toBe(
    'Learning rate must be a number above 0 and at most 10. Found: "no number".',
  );
});

test('names become titles', () => {
  expect([humanize('checkpointEverySteps'), humanize('image-folder')]).toEqual([
    'Checkpoint every steps',
    'Image folder',
  ]);
});

test('options of other kinds of data are left out, and views are groups of fields', () => {
  const options = describePretextTasks().find(({ id }) => id === 'masked-reconstruction')!.options;
  const names = (modality: 'image' | 'signal') =>
    fieldsOf(schemaFor(options, modality)).map(({ name }) => name);
  expect(names('image')).toEqual(['maskRatio', 'imagePatch', 'norm']);
  expect(names('signal')).toEqual(['maskRatio', 'signalPatch', 'norm', 'signalTarget']);
  const [views, ...others] = groupsOf(schemaFor(options, 'signal'));
  expect(others).toEqual([]);
  expect(views).toMatchObject({ name: 'signalViews', title: 'Views before covering' });
  expect(field(views!.fields, 'cropProbability')).toMatchObject({ kind: 'number', initial: 0 });
  const swav = describePretextTasks().find(({ id }) => id === 'swav')!.options;
  const [crops] = groupsOf(schemaFor(swav, 'signal'));
  expect(crops!.fields.map(({ name }) => name)).toEqual(['count', 'side']);
});

test('how strong a change is stands in the form only while the change happens', () => {
  const number = (initial: number) => z.number().default(initial);
  const fields = fieldsOf(
    schemaOf(
      z.object({
        warpProbability: number(0),
        warp: number(2),
        warpSegments: number(10),
        phaseProbability: number(0.5),
        phaseSwapProbability: number(0),
        phase: number(0.5),
        filterOrder: number(4),
      }),
    ),
  );
  const names = (values: Record<string, unknown>) => fieldsInUse(fields, values).map(({ name }) => name);
  expect(names({})).toEqual([
    'warpProbability',
    'phaseProbability',
    'phaseSwapProbability',
    'phase',
    'filterOrder',
  ]);
  expect(names({ warpProbability: 0.1, phaseProbability: 0 })).toEqual([
    'warpProbability',
    'warp',
    'warpSegments',
    'phaseProbability',
    'phaseSwapProbability',
    'filterOrder',
  ]);
});
