import { Command } from 'commander';
import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/recipe/recipe.ts';
import type { JsonSchema } from '../../../../src/contract/catalogue.ts';
import { choiceField, integerField, switchField } from '../../../../src/contract/fields.ts';
import { describeReaders } from '../../../../src/data/catalogue.ts';
import { addImportFlags, parseSplit, toImportOptions } from '../../../../src/cli/flags/import-options.ts';

const described = (id: string, options: z.ZodType) => ({
  id,
  title: `${id} files`,
  summary: `What ${id} holds.`,
  modalities: ['signal'],
  extensions: [id],
  heeds: [],
  options: z.toJSONSchema(options, { io: 'input' }) as JsonSchema,
});
const montage = choiceField({
  title: 'Montage',
  help: 'Which channels are taken.',
  choices: ['all', 'scalp'],
  default: 'all',
});
const levels = integerField({ title: 'Levels', help: 'How deep.', minimum: 1, maximum: 9, default: 2 });
const readers = [
  ...describeReaders(),
  described('edf', z.strictObject({ montage })),
  described(
    'bdf',
    z.strictObject({
      montage,
      levels,
      keepTrigger: switchField({ title: 'Keep trigger', help: 'Whether.', default: true }),
    }),
  ),
];

const parse = (...argv: string[]) => {
  const command = addImportFlags(
    new Command().exitOverride().configureOutput({ writeErr: () => {} }),
    readers,
  );
  return toImportOptions('data', command.parse(argv, { from: 'user' }).opts(), readers);
};

describe('the flags of an import', () => {
  it('make a list of steps in the order they are given', () => {
    const { options } = parse(
      '--steps',
      'reference:to=Fp1-F3, F3-C3',
      '--steps',
      'high-pass:at=0.5;order=2',
      '--steps',
      'detrend',
    );
    expect(options).toMatchObject({
      prepare: {
        steps: [
          { step: 'reference', to: 'Fp1-F3, F3-C3' },
          { step: 'high-pass', at: 0.5, order: 2 },
          { step: 'detrend' },
        ],
      },
    });
    expect(() => parse('--steps', 'whiten')).toThrow('It must begin with one of reference, detrend');
  });

  it('reach every option of the schema', () => {
    const flags = [
      '--format delimited-signals --labels l.csv --label-column y --label-columns y,z --file-column f --target number',
      '--path-pattern {a}.txt --folders split/class --group a --split folder --size 32 --color grey --pages first --bits 12 --sampling-rate 200 --without-rate true --kind emg',
      '--channels x,y --window-length 64 --window-stride 32 --label-from column --label-column-index 3',
      '--mixed-windows drop --class-names 0=rest --class-names 1=fist --columns 3=ignored --missing hold --resample-to 50 --uneven interpolate',
      '--encoding utf-8 --delimiter tab --decimal comma --header-line 2',
    ];
    const options = parse(...flags.join(' ').split(' '));
    const keysOf = (value: object, path = ''): string[] =>
      Object.entries(value).flatMap(([key, part]) =>
        ['images', 'signals', 'text'].includes(key) ? keysOf(part as object, `${key}.`) : [`${path}${key}`],
      );
    const { images, signals, text, options: _, ...others } = importSchema.shape;
    const all = [
      ...Object.keys(others),
      ...Object.keys(images.unwrap().shape).map((key) => `images.${key}`),
      ...Object.keys(text.unwrap().shape).map((key) => `text.${key}`),
      ...Object.keys(signals.unwrap().shape).map((key) => `signals.${key}`),
    ];
    expect(keysOf(options).toSorted()).toEqual(all.toSorted());
    expect(options.signals).toMatchObject({ channels: ['x', 'y'], classNames: { 0: 'rest', 1: 'fist' } });
  });

  it('have the defaults of the schema', () => {
    expect(parse()).toEqual(importSchema.parse({ path: 'data' }));
  });

  it.each([
    ['--window-length', 'long'],
    ['--window-length', '2'],
    ['--color', 'red'],
    ['--class-names', 'rest'],
  ])('refuse %s %s', (flag, value) => {
    expect(() => parse(flag, value)).toThrow();
  });
});

describe('importing again', () => {
  const before = importSchema.parse({
    path: '/data',
    format: 'edf',
    group: 'person',
    options: { montage: 'scalp' },
    signals: { windowLength: 64, samplingRate: 200 },
  });
  const again = (...argv: string[]) => {
    const command = addImportFlags(new Command().exitOverride(), readers);
    return toImportOptions('/data', command.parse(argv, { from: 'user' }).opts(), readers, before);
  };

  it('keeps the settings of before, but for those that are named', () => {
    expect(again()).toEqual(before);
    expect(again('--split', 'folder', '--window-length', '32', '--montage', 'all')).toEqual({
      ...before,
      split: { by: 'folder' },
      signals: { ...before.signals, windowLength: 32 },
      options: { montage: 'all' },
    });
  });

  it('forgets what another format was told', () => {
    expect(again('--format', 'idx').options).toBeUndefined();
    expect(again('--format', 'edf').options).toEqual({ montage: 'scalp' });
  });
});

describe('what a format alone is told', () => {
  it('has flags too, one for each name, with the values of its type', () => {
    expect(parse('--montage', 'scalp', '--levels', '3', '--keep-trigger', 'false').options).toEqual({
      montage: 'scalp',
      levels: 3,
      keepTrigger: false,
    });
    expect(parse().options).toBeUndefined();
  });

  it('stands in the help with the formats that it is for, below which each format is told of', () => {
    let help = '';
    const command = addImportFlags(new Command(), readers).configureOutput({
      getOutHelpWidth: () => 400,
      writeOut: (text) => (help += text),
    });
    command.outputHelp();
    expect(help).toMatch(/--montage <choice> +Which channels are taken\. \(edf, bdf\)/);
    expect(help).toContain('  idx: IDX files (as MNIST). Arrays of images');
    expect(help).toContain('  bdf: bdf files. What bdf holds.');
  });

  it.each([
    ['--montage', 'frontal'],
    ['--keep-trigger', 'maybe'],
  ])('refuses %s %s', (flag, value) => {
    expect(() => parse(flag, value)).toThrow();
  });
});

describe('a split on the command line', () => {
  it.each([
    ['folder', { by: 'folder' }],
    ['random', { by: 'random', validation: 0.15, test: 0.2, seed: 1 }],
    ['random:test=0.3;seed=7', { by: 'random', validation: 0.15, test: 0.3, seed: 7 }],
    [
      'session:test=3,4;validation=2',
      { by: 'column', column: 'session', test: ['3', '4'], validation: ['2'] },
    ],
  ])('%s', (text, expected) => {
    expect(parseSplit(text)).toEqual(expected);
  });

  it.each(['', 'random:test=most', 'random:tset=0.2', 'folder:test=1'])('refuses %j', (text) => {
    expect(() => parseSplit(text)).toThrow(/must be/);
  });
});
