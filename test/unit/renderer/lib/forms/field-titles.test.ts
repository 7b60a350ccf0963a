import { expect, it } from 'vitest';
import { z } from 'zod';
import { inTitles } from '../../../../../renderer/lib/forms/field-titles.ts';
import { importSchema } from '../../../../../src/contract/recipe/recipe.ts';
import { describeReaders } from '../../../../../src/data/catalogue.ts';

const schema = z.toJSONSchema(importSchema, { io: 'input' });
const words = (text: string, id: string, isTable: boolean) =>
  inTitles(
    text,
    schema,
    describeReaders().find((one) => one.id === id),
    isTable,
  );

it('names fields by the titles that stand in the form', () => {
  expect(words('Say which (options.sheet).', 'xlsx-table', true)).toBe('Say which (“Sheet”).');
  expect(
    words('Set signals.samplingRate, or signals.withoutRate to true.', 'delimited-signals', false),
  ).toMatch(/^Set “Sampling rate”, or “.*” to true\.$/);
});

it('names what the grid of columns shows as the grid does', () => {
  const doubt = 'Leave it out (kinds: left-out), or make another the target (labelColumn).';
  expect(words(doubt, 'delimited-table', true)).toBe(
    'Leave it out (“Taken as”: left-out), or make another the target (“Target (label)”).',
  );
});
