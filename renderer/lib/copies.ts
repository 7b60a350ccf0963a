/** Copies across splits, in a sentence. */
import type { Dataset } from '../../src/contract/entities.ts';
import { formatCount, formatCounted } from './format.ts';

export function copiesWords({ copies, split }: Pick<Dataset, 'copies' | 'split'>): string {
  if (!copies) return '';
  const validation = copies.heldOut - copies.test;
  const parts = [
    ...(copies.test > 0
      ? [`${formatCount(copies.test)} of ${formatCounted(split.test, 'test sample')}`]
      : []),
    ...(validation > 0
      ? [`${formatCount(validation)} of ${formatCounted(split.validation, 'validation sample')}`]
      : []),
  ];
  const many = copies.heldOut !== 1;
  return `${parts.join(' and ')} ${many ? 'are copies' : 'is a copy'}, or nearly so, of training samples. A model that has learned ${many ? 'them' : 'it'} by heart scores better here than on new samples.`;
}
