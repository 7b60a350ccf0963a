/** Copies across splits and between datasets, in a sentence. */
import type { CopiesBetween, Dataset } from '../../../src/contract/entities.ts';
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

/** What a search in another dataset found, and what follows from it. */
export function elsewhereWords(found: CopiesBetween, { split }: Pick<Dataset, 'split'>): string {
  if (!found.comparable) return 'Its windows have another length or other channels: they cannot be compared.';
  if (found.heldOut === 0) return 'No validation or test sample has a copy there.';
  const validation = found.heldOut - found.test;
  const parts = [
    `${formatCount(found.test)} of ${formatCounted(split.test, 'test sample')}`,
    `${formatCount(validation)} of ${formatCounted(split.validation, 'validation sample')}`,
  ];
  const same = found.exact > 0 ? `, ${formatCount(found.exact)} of them the very same` : '';
  return `${parts.join(' and ')} have a copy there${same}. Pretraining on both leaves ${formatCounted(found.seen, 'sample')} of it out, unless the recipe keeps them.`;
}
