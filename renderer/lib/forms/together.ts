/** The ways in which datasets are put together, as the form offers them, and what became of channels, in words. */
import {
  PLACED_AS,
  type PlacedAs,
  type TogetherReport,
} from '../../../src/contract/recipe/together-report.ts';
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
  luminance: () => ({
    title: 'Brightness alone',
    note: 'Red, green and blue are weighed, other bands averaged: one band of each.',
  }),
  any: (thing) => ({ title: 'Each its own', note: `For an encoder that reads each ${thing} by itself.` }),
};

/**
 * @param matches those that the kind of data has
 * @param mayBeAlike whether datasets may be left as they are
 */
export const matchOptions = (thing: string, matches: readonly string[], mayBeAlike = true): Option[] => [
  ...(mayBeAlike
    ? [{ value: '', title: 'Only what is alike', note: 'Datasets of the same form alone.' }]
    : []),
  ...matches.map((value) => ({ value, ...MATCH[value as Match](thing) })),
];

const SAMPLING: Record<Sampling, Omit<Option, 'value'>> = {
  balanced: { title: 'As many of each', note: 'Small datasets count as much as large ones.' },
  proportional: { title: 'By their sizes', note: 'Each sample counts alike.' },
  temperature: { title: 'Between the two', note: 'By a root of their sizes, which the temperature says.' },
};

export const samplingOptions: Option[] = Object.entries(SAMPLING).map(([value, words]) => ({
  value,
  ...words,
}));

const PLACED: Record<PlacedAs, string> = {
  kept: 'kept',
  missing: 'missing, masked',
  interpolated: 'from its neighbours',
  'left-out': 'left out',
};

/** Channels or columns of a source by what becomes of them, those of which there are some. */
export function placedGroups({
  parts,
  missing,
  interpolated,
}: Pick<TogetherReport['sources'][number], 'parts' | 'missing' | 'interpolated'>): {
  as: PlacedAs;
  title: string;
  names: string[];
}[] {
  const names: Record<PlacedAs, string[]> = {
    kept: parts.flatMap(({ own, common }) =>
      common === null ? [] : [own === common ? own : `${own} as ${common}`],
    ),
    missing: [...missing],
    interpolated: [...interpolated],
    'left-out': parts.flatMap(({ own, common }) => (common === null ? [own] : [])),
  };
  return PLACED_AS.filter((as) => names[as].length > 0).map((as) => ({
    as,
    title: `${PLACED[as][0]!.toUpperCase()}${PLACED[as].slice(1)} (${names[as].length})`,
    names: names[as],
  }));
}

/** “19 kept; 2 missing, masked”. */
export const headWords = (electrodes: readonly { as: PlacedAs }[]): string =>
  PLACED_AS.flatMap((as) => {
    const count = electrodes.filter((one) => one.as === as).length;
    return count > 0 ? [`${count} ${PLACED[as]}`] : [];
  }).join('; ');
