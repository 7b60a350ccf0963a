import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fieldsOf, problemOf } from '../../../src/contract/field-schema.ts';
import type { PretextError } from '../../../src/contract/errors.ts';
import {
  asField,
  choiceField,
  groupField,
  integerField,
  leftOut,
  listField,
  numberField,
  parseOptions,
  recordField,
  switchField,
  textField,
  unionField,
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

const rate = { help: 'How fast.', minimum: 0, maximum: 10, open: true } as const;
const fields = z.object({
  name: textField({ help: 'Its name.', maximum: 5 }),
  rate: numberField({ ...rate, unit: 'Hz', optional: true }),
  often: integerField({ help: 'How often.', minimum: 1, maximum: 9, optional: true, assumed: 3 }),
  grey: switchField({ help: 'Whether.', default: false }),
  rates: listField({ help: 'Some.', of: numberField(rate), minimum: 1, maximum: 2, default: [1] }),
  names: recordField({ help: 'Names.', of: z.string(), keys: z.string().regex(/^[a-z]$/), optional: true }),
  which: unionField({
    help: 'Which.',
    allowed: 'all, or { only: 3 }',
    forms: [
      z.literal('all'),
      z.strictObject({ only: integerField({ help: 'So many.', minimum: 1, maximum: 5 }) }),
    ],
    default: 'all',
  }),
  norm: asField(z.enum(['l1', 'l2']), { help: 'Which error.', optional: true }),
});

describe('a field', () => {
  it('says what it allows once, for errors and forms', () => {
    const wrong = { name: 'longer', rate: 0, often: 0, grey: 'no', rates: [], which: 'none', norm: 'l3' };
    const { issues } = fields.safeParse(wrong).error!;
    const told = Object.fromEntries(issues.map(({ path, message }) => [path.join('.'), message]));
    expect(told).toEqual({
      name: 'must be text of at most 5 characters. Found: "longer".',
      rate: 'must be a number above 0 and at most 10. Found: 0.',
      often: 'must be a whole number from 1 to 9. Found: 0.',
      grey: 'must be true or false. Found: "no".',
      rates: 'must be a list of 1 to 2, each a number above 0 and at most 10. Found: [].',
      which: 'must be all, or { only: 3 }. Found: "none".',
      norm: expect.any(String) as string,
    });
    const drawn = fieldsOf(z.toJSONSchema(fields, { io: 'input' }));
    for (const name of ['rate', 'often'])
      expect(
        problemOf(
          drawn.find((one) => one.name === name)!,
          0,
        ),
      ).toMatch(` ${told[name]}`);
    expect(drawn.find(({ name }) => name === 'rate')).toMatchObject({ unit: 'Hz', initial: undefined });
    expect(drawn.map(({ name }) => name)).toEqual(['name', 'rate', 'often', 'grey', 'rates', 'norm']);
  });

  it('is needed, or has a default that is written down, or means something where it is left out', () => {
    expect(fields.safeParse({}).error!.issues.map(({ message }) => message)).toEqual([
      'is missing. It must be text of at most 5 characters.',
    ]);
    expect(fields.parse({ name: 'a' })).toEqual({ name: 'a', grey: false, rates: [1], which: 'all' });
    const drawn = fieldsOf(z.toJSONSchema(fields, { io: 'input' }));
    expect(drawn.find(({ name }) => name === 'often')!.initial).toBe(3);
    expect(drawn.filter(({ required }) => required).map(({ name }) => name)).toEqual(['name']);
  });

  it('may be left to others to decide', () => {
    const size = integerField({ help: 'Size.', minimum: 1, maximum: 9, default: 4, unit: 'px' });
    const wish = leftOut(size, 'Default: what fits.');
    expect(wish.parse(undefined)).toBeUndefined();
    expect(wish.safeParse(10).error!.issues[0]!.message).toBe(
      'must be a whole number from 1 to 9. Found: 10.',
    );
    expect(wish.meta()).toMatchObject({ description: 'Size. Default: what fits.', unit: 'px' });
  });

  it('refuses unknown names of options with the one that was meant', () => {
    expect(failureOf({ pach: 3 })?.message).toBe(
      'pretext.options: `pach` is not a field here. Did you mean `patch`?',
    );
  });
});
