/** What a difference says, and how far it reaches: the same in the window and on the command line. */
import type { Difference, SummaryRow } from './result.ts';

export type Verdict = 'better' | 'same' | 'worse' | 'unknown';

/**
 * Whether pretraining helps, by the 95 % interval of how much better it is. An interval of no width says that
 * the spread is not known, and so nothing: two seeds that happen to agree prove nothing.
 */
export function verdictOf({ difference }: Pick<SummaryRow, 'difference'>): Verdict {
  if (!difference || difference.of[0] !== 'pretrained' || difference.of[1] !== 'baseline') return 'unknown';
  const { low, high } = difference;
  if (low === high) return 'unknown';
  if (low > 0) return 'better';
  return high < 0 ? 'worse' : 'same';
}

/**
 * What the interval of a difference is over: "for this pretraining", "over 5 pretrainings". Results of versions that
 * kept no answers say nothing of other test samples.
 */
export function scopeWords({
  pretrainings,
  testSamples,
}: Pick<Difference, 'pretrainings' | 'testSamples'>): string {
  const samples = testSamples ? '' : ' and these test samples';
  if (pretrainings === undefined || pretrainings < 2) return `for this pretraining${samples}`;
  return samples
    ? `over ${pretrainings} pretrainings, for these test samples`
    : `over ${pretrainings} pretrainings`;
}

/** The same at length: what other numbers could have been found, and which not. */
export function scopeSentences({ seeds, pretrainings = 1, testSamples }: Difference): string[] {
  const drawn = `The 95 % interval is over ${[
    ...(pretrainings > 1 ? [`${pretrainings} pretrainings`] : []),
    `label draws and first weights${seeds === undefined ? '' : ` (${seeds} seeds)`}`,
    ...(testSamples ? ['test samples'] : []),
  ]
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1')}.`;
  return [
    drawn,
    ...(pretrainings > 1
      ? pretrainings < 5
        ? [
            `So few pretrainings say little of how much they differ, so it is wide: five would make it narrower.`,
          ]
        : []
      : [
          'It holds for this pretraining: another one, with another seed, may turn out otherwise. `pretext.seeds` trains several.',
        ]),
    ...(testSamples
      ? []
      : [
          'It says nothing of other test samples: there are too few of them (of groups, where samples belong to some), or the answers of these runs were not kept.',
        ]),
  ];
}
