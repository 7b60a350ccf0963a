/** Datasets of several labels or numbers: how many samples of each split have a label, or a known number. */
import type { Dataset } from '../../../contract/entities.ts';
import { isSeveral } from '../../../contract/data/target.ts';
import { SPLIT_CODE } from '../../../contract/data/split.ts';
import type { ReadableProject } from '../../database.ts';
import { labeledSamples } from './labeled-samples.ts';
import { targetsOf } from './sample-targets.ts';

const SPLITS = Object.keys(SPLIT_CODE) as (keyof typeof SPLIT_CODE)[];

/**
 * The dataset's classes with their counts as samples stand in splits now; those it has where it has one label a sample.
 * All samples are looked through: it is asked for where a person moves some.
 *
 * @param version whose left-out samples; left out: the newest
 */
export function countedTargets(
  project: ReadableProject,
  datasetKey: number,
  { target, classes }: Pick<Dataset, 'target' | 'classes'>,
  version?: number,
): Dataset['classes'] {
  if (!isSeveral(target)) return classes;
  const counted = classes.map(({ name }) => ({ name, train: 0, validation: 0, test: 0 }));
  const rows = project
    .prepare(
      `SELECT split, targets FROM ${labeledSamples(version)} WHERE dataset_key = ? AND targets IS NOT NULL`,
    )
    .raw()
    .iterate(datasetKey) as IterableIterator<[number, Buffer]>;
  for (const [code, bytes] of rows) {
    const split = SPLITS[code];
    if (!split) continue;
    targetsOf(bytes).forEach((value, at) => {
      if (target === 'labels' ? value === 1 : !Number.isNaN(value)) counted[at]![split] += 1;
    });
  }
  return counted;
}
