import { expect, it } from 'vitest';
import { z } from 'zod';
import { fieldsOf } from '../../../../../src/contract/field-schema.ts';
import type { JsonSchema } from '../../../../../src/contract/catalogue.ts';
import { engineWishesSchema } from '../../../../../src/contract/elsewhere/engine.ts';
import { wishesOf } from '../../../../../renderer/lib/forms/engine-form.ts';

const all = z.toJSONSchema(engineWishesSchema, { io: 'input' }) as JsonSchema;
const ofSsh = fieldsOf(all, ['hosts', 'limit', 'command']);

it('takes what the engine heeds, and leaves empty fields out', () => {
  const values = { hosts: ['lab1:8'], limit: undefined, command: '', partition: 'cpu' };
  expect(wishesOf(ofSsh, values)).toEqual({ hosts: ['lab1:8'] });
  expect(wishesOf(ofSsh, { hosts: [] })).toEqual({});
});

it('names the field that is wrong as the form does', () => {
  expect(() => wishesOf(ofSsh, { hosts: ['lab1'] })).toThrow(
    'Computers must be a computer with its cores, as lab1:8. Found: "lab1".',
  );
});
