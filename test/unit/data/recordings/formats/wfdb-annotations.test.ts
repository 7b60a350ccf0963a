import { expect, it } from 'vitest';
import { parseWfdbAnnotations } from '../../../../../src/data/recordings/formats/wfdb-annotations.ts';

/** A word: six bits of code, ten of the time since the annotation before. */
const word = (code: number, interval: number) => [
  ((code << 10) | interval) & 255,
  ((code << 10) | interval) >> 8,
];
const text = (words: string) => [
  ...word(63, words.length),
  ...Buffer.from(words),
  ...(words.length % 2 ? [0] : []),
];
/** A time that does not fit in ten bits: the high half first, each half the low byte first. */
const skip = (samples: number) => [
  ...word(59, 0),
  (samples >>> 16) & 255,
  (samples >>> 24) & 255,
  samples & 255,
  (samples >>> 8) & 255,
];
const parse = (bytes: number[], rate = 100) => parseWfdbAnnotations(Buffer.from(bytes), rate);
const told = (bytes: number[], rate = 100) => parse(bytes, rate).map(({ seconds, name }) => [seconds, name]);

it('counts times from one annotation to the next, and names beats as ecgcodes.h does', () => {
  const bytes = [
    ...word(1, 50),
    ...word(5, 100),
    ...word(12, 0),
    ...word(38, 25),
    ...word(41, 1),
    ...word(0, 0),
  ];
  expect(told(bytes)).toEqual([
    [0.5, 'N'],
    [1.5, 'V'],
    [1.5, '/'],
    [1.75, 'f'],
    [1.76, 'r'],
  ]);
});

it('goes over long times, and back', () => {
  expect(told([...skip(100_000), ...word(1, 0), ...skip(-50_000), ...word(1, 0)])).toEqual([
    [1000, 'N'],
    [500, 'N'],
  ]);
});

it('says what a note or a change of rhythm says, and puts the text of a beat behind it', () => {
  const bytes = [
    ...word(28, 10),
    ...text('(AFIB'),
    ...word(22, 10),
    ...text('moved\0'),
    ...word(1, 10),
    ...text('aux'),
  ];
  expect(told(bytes)).toEqual([
    [0.1, '(AFIB'],
    [0.2, 'moved'],
    [0.3, 'N aux'],
  ]);
});

it('leaves codes of channel, subtype and number out, and names one without a symbol', () => {
  expect(told([...word(1, 10), ...word(61, 3), ...word(62, 1), ...word(60, 2), ...word(15, 10)])).toEqual([
    [0.1, 'N'],
    [0.2, 'code 15'],
  ]);
});

it('ends at the first word of zeros', () => {
  expect(told([...word(1, 1), 0, 0, ...word(1, 1)])).toEqual([[0.01, 'N']]);
  expect(parse([])).toEqual([]);
});

it('counts in the resolution that the annotations tell themselves', () => {
  const bytes = [...word(22, 0), ...text('## time resolution: 1000'), ...word(1, 500)];
  expect(told(bytes, 250)).toEqual([[0.5, 'N']]);
});

it('says where it is cut off', () => {
  expect(() => parse([...word(59, 0), 0, 0])).toThrow('The annotations are cut off.');
  expect(() => parse([...word(1, 0), ...word(63, 10), 65, 66])).toThrow(
    'The annotations are cut off in a text.',
  );
});
