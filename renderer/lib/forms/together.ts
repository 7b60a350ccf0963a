/** The ways in which datasets are put together, as the form offers them. */
import type { Match, Sampling } from '../../../src/contract/recipe/together.ts';

interface Option {
  value: string;
  title: string;
  note: string;
}

const MATCH: Record<Match, (thing: string) => Omit<Option, 'value'>> = {
  common: (thing) => ({ title: `Those that all have`, note: `${thing}s by name; the others are left out.` }),
  all: (thing) => ({ title: 'All of them', note: `What a dataset lacks is masked: no ${thing} is made up.` }),
  interpolate: () => ({
    title: 'Electrodes by position',
    note: 'Those of the first dataset; where another lacks one, its neighbours on the head say what it would measure.',
  }),
  'in-order': (thing) => ({
    title: 'The same, in order',
    note: `As many ${thing}s in the same order, whatever they are called.`,
  }),
  any: (thing) => ({ title: 'Each its own', note: `For an encoder that reads each ${thing} by itself.` }),
};
const FOR: Record<string, readonly Match[]> = {
  channel: ['common', 'all', 'interpolate', 'in-order', 'any'],
  column: ['common', 'all'],
};

export const matchOptions = (thing: string): Option[] => [
  { value: '', title: 'Only what is alike', note: 'Datasets of the same form alone.' },
  ...(FOR[thing] ?? []).map((value) => ({ value, ...MATCH[value](thing) })),
];

const SAMPLING: Record<Sampling, Omit<Option, 'value'>> = {
  balanced: { title: 'As many of each', note: 'Small datasets count as much as large ones.' },
  proportional: { title: 'By their sizes', note: 'Each sample counts alike.' },
  temperature: { title: 'Between the two', note: 'By the square root of their sizes.' },
};

export const samplingOptions: Option[] = Object.entries(SAMPLING).map(([value, words]) => ({
  value,
  ...words,
}));
