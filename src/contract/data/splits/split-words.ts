/** How samples came to their splits, in words. */
import type { Dataset } from '../../entities.ts';
import { formatCount, formatCounted } from '../../words.ts';

type Split = Pick<Dataset['split'], 'by' | 'train' | 'validation' | 'test'>;

/** The service says `nothing: why` of data that were not split. */
const UNSPLIT = /^nothing(?:: )?/;

/** "Split by folder: 4,682 train, 524 validation, 621 test", "Not split: without labels all samples are training data". */
export function splitWords({ by, train, validation, test }: Split): string {
  const counts = `${formatCount(train)} train, ${formatCount(validation)} validation, ${formatCount(test)} test`;
  if (!UNSPLIT.test(by)) return `Split by ${by}: ${counts}`;
  const why = by.replace(UNSPLIT, '');
  return `Not split${why ? `: ${why}` : ''} (${formatCounted(train, 'sample')})`;
}
