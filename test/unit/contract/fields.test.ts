import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PretextError } from '../../../src/contract/errors.ts';
import {
  choiceField,
  groupField,
  integerField,
  numberField,
  parseOptions,
} from '../../../src/contract/fields.ts';

const schema = z.strictObject({
  patch: integerField({
    title: 'Patch',
    help: 'Side of a patch.',
    minimum: 2,
    maximum: 16,
    default: 4,
    unit: 'pixels',
  }),
  norm: choiceField({ title: 'Norm', help: 'Which error.', choices: ['l1', 'l2'], default: 'l1' }),
  views: groupField({
    title: 'Views',
    help: 'Random changes.',
    fields: {
      flip: numberField({ title: 'Flip', help: 'How often.', minimum: 0, maximum: 1, default: 0.5 }),
    },
  }),
});

const failureOf = (options: unknown) => {
  try {
    parseOptions(schema, options, 'pretext.options');
  } catch (error) {
    return (error as PretextError).failure;
  }
  return undefined;
};

describe('options', () => {
  it('are filled with their defaults, also inside groups', () => {
    expect(parseOptions(schema, { norm: 'l2' }, 'pretext.options')).toEqual({
      patch: 4,
      norm: 'l2',
      views: { flip: 0.5 },
    });
  });

  it('name the field, what is allowed and what was found', () => {
    expect(failureOf({ patch: 0 })?.message).toBe(
      'pretext.options.patch: must be a whole number from 2 to 16. Found: 0.',
    );
    expect(failureOf({ patch: 2.5 })?.message).toContain('Found: 2.5.');
    expect(failureOf({ norm: 'l3' })?.message).toBe(
      'pretext.options.norm: must be one of l1, l2. Found: "l3".',
    );
    expect(failureOf({ views: { flip: 2 } })?.place).toBe('pretext.options.views.flip');
  });

  it('refuse names that do not exist', () => {
    expect(failureOf({ pach: 4 })?.message).toContain('pach');
    expect(failureOf({ views: { flop: 1 } })?.message).toContain('flop');
  });

  it('carry help, range, unit and default into the JSON schema', () => {
    const json = z.toJSONSchema(schema, { io: 'input' }) as unknown as {
      properties: Record<string, Record<string, unknown>>;
    };
    expect(json.properties['patch']).toMatchObject({
      type: 'integer',
      title: 'Patch',
      description: 'Side of a patch.',
      minimum: 2,
      maximum: 16,
      default: 4,
      unit: 'pixels',
    });
  });
});
