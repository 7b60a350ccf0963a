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
  folds,
}: Pick<Difference, 'pretrainings' | 'testSamples' | 'folds'>): string {
  if (folds !== undefined) return `over ${folds} folds`;
  const samples = testSamples ? '' : ' and these test samples';
  if (pretrainings === undefined || pretrainings < 2) return `for this pretraining${samples}`;
  return samples
    ? `over ${pretrainings} pretrainings, for these test samples`
    : `over ${pretrainings} pretrainings`;
}

/** The same at length: what other numbers could have been found, and which not. */
export function scopeSentences({ seeds, pretrainings = 1, testSamples, folds }: Difference): string[] {
  if (folds !== undefined) return foldSentences(folds);
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

const FEW_FOLDS = 5;

function foldSentences(folds: number): string[] {
  return [
    `The 95 % interval is over ${folds} folds: other groups of the same kind, each with a pretraining, label draws and first weights of its own. Whole groups are what it counts, not samples; and as any two folds train on nearly the same groups, it is wider than their spread alone would make it (Nadeau and Bengio 2003).`,
    ...(folds < FEW_FOLDS ? ['So few folds say little of how much groups differ, so it is wide.'] : []),
  ];
}
