import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import type { FieldSchema } from '../../../../src/contract/field-schema.ts';
import { kebab, toOption, type Flag } from '../../../../src/cli/flags/field-flags.ts';

const flag = (field: object, more: Partial<Flag> = {}): Flag => ({
  path: ['signals', 'windowLength'],
  field: field as FieldSchema,
  formats: [],
  ...more,
});
const read = (field: object, text: string, before?: unknown) =>
  toOption(flag(field)).parseArg!(text, before as never);

describe('a flag made from a field', () => {
  it('is named like it, and says what it is, in which unit, for which formats', () => {
    const { flags, description } = toOption(
      flag({ type: 'number', description: 'How long.', unit: 'seconds', default: 2 }),
    );
    expect(flags).toBe('--window-length <number>');
    expect(description).toBe('How long. In seconds. (signals) Default: 2.');
    const own = { formats: ['edf', 'bdf', 'wav', 'npy', 'mat'] };
    expect(toOption(flag({ type: 'number', description: 'So.' }, own)).description).toBe(
      'So. (edf, bdf, wav and 2 more)',
    );
    expect(kebab('labelColumns')).toBe('label-columns');
  });

  it('says no default twice, nor one that is an empty list', () => {
    expect(toOption(flag({ type: 'array', description: 'Default: all.', default: ['x'] })).description).toBe(
      'Default: all. (signals) Several with commas.',
    );
    expect(toOption(flag({ type: 'array', default: [] })).description).not.toContain('Default');
  });

  it('reads numbers, switches and lists, and refuses what is none', () => {
    expect(read({ type: 'number' }, '1e-3')).toBe(0.001);
    expect(read({ type: 'boolean' }, 'true')).toBe(true);
    expect(read({ type: 'array' }, 'C3, C4')).toEqual(['C3', 'C4']);
    for (const [field, text] of [
      [{ type: 'number' }, ' '],
      [{ type: 'integer' }, 'ten'],
      [{ type: 'boolean' }, 'yes'],
      [{ type: 'object' }, 'rest'],
    ] as const)
      expect(() => read(field, text)).toThrow(InvalidArgumentError);
  });

  it('gathers pairs that are given one by one', () => {
    const first = read({ type: 'object' }, '0=rest');
    expect(read({ type: 'object' }, '1=fist=closed', first)).toEqual({ 0: 'rest', 1: 'fist=closed' });
  });
});

describe('a list of steps', () => {
  const step = (name: string, properties: object) => ({
    properties: { step: { const: name }, ...properties },
  });
  const steps = {
    type: 'array',
    items: {
      oneOf: [
        step('high-pass', {
          at: { type: 'number' },
          order: { type: 'integer' },
          causal: { type: 'boolean' },
        }),
        step('reference', { to: { type: 'string' } }),
      ],
    },
  };

  it('keeps the order in which its flags stand, each with the fields of its form', () => {
    const first = read(steps, 'high-pass:at=0.5; order=4;causal=false');
    expect(read(steps, 'reference:to=average', first)).toEqual([
      { step: 'high-pass', at: 0.5, order: 4, causal: false },
      { step: 'reference', to: 'average' },
    ]);
    expect(read(steps, 'reference')).toEqual([{ step: 'reference' }]);
  });

  it('refuses a step that there is none of, and a number that is none', () => {
    expect(() => read(steps, 'low-cut:at=1')).toThrow('It must begin with one of high-pass, reference.');
    expect(() => read(steps, 'high-pass:at=low')).toThrow('It must be a number.');
  });
});
