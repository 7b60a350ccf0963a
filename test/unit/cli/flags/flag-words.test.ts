import { expect, test } from 'vitest';
import { inFlags } from '../../../../src/cli/flags/flag-words.ts';
import { describeReaders } from '../../../../src/data/catalogue.ts';

const readers = describeReaders();
const words = (text: string) => inFlags(text, readers);

test('fields of an import become flags', () => {
  expect(words('Make windows shorter (windowLength at most 100).')).toBe(
    'Make windows shorter (--window-length at most 100).',
  );
  expect(words('Set signals.samplingRate, or signals.withoutRate to true.')).toBe(
    'Set --sampling-rate, or --without-rate to true.',
  );
  expect(words('Say what the axes are (axes).')).toBe('Say what the axes are (--axes).');
});

test('words that are no fields stay', () => {
  for (const text of [
    'Copy the group of labels again from its source.',
    'Give the file too (labels; `--labels FILE` on the command line), or leave the column out.',
    'Save as PNG or JPEG (see the file labels.csv).',
  ])
    expect(words(text)).toBe(text);
});
