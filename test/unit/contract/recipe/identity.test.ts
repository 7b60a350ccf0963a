import { expect, it } from 'vitest';
import { z } from 'zod';
import { countedFields, uncounted, unreadBy } from '../../../../src/contract/recipe/identity.ts';

const schema = z.object({
  epochs: z.number(),
  every: uncounted(z.number()),
  decay: unreadBy(['baseline'], z.number()),
});

it('leaves out what changes nothing in what is found, and what an arm never reads', () => {
  const document = { epochs: 1, every: 2, decay: 3 };
  expect(countedFields(schema, document, 'pretrained')).toEqual({ epochs: 1, decay: 3 });
  expect(countedFields(schema, document, 'baseline')).toEqual({ epochs: 1 });
  expect(countedFields(schema, document, null)).toEqual({ epochs: 1, decay: 3 });
});

it('counts fields that the schema does not know: a newer version may have read them', () => {
  expect(countedFields(schema, { epochs: 1, later: 4 }, 'baseline')).toEqual({ epochs: 1, later: 4 });
});
