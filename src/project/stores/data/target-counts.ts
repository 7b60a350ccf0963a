/** Datasets of several labels or numbers: how many samples of each split have a label, or a known number. */
import type { Dataset, SplitName } from '../../../contract/entities.ts';
import { isSeveral } from '../../../contract/data/target.ts';
import type { ReadableProject } from '../../database.ts';
import { labeledSamples, readingOf } from './labeled-samples.ts';
import { SPLITS } from './sample-counts.ts';
import { targetsOf } from './sample-targets.ts';

/**
 * The dataset's classes with their counts as samples stand in splits now; those it has where it has one label a sample.
 * All samples are looked through: of what moves, `targetShifts` tells.
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
      `SELECT split, targets FROM ${labeledSamples(readingOf(project, datasetKey, version))} WHERE dataset_key = ? AND targets IS NOT NULL`,
    )
    .raw()
    .iterate(datasetKey) as IterableIterator<[number, Buffer]>;
  for (const [code, bytes] of rows) {
    const split = SPLITS[code];
    if (!split) continue;
    addCounts(counted, { target, split, by: 1 }, bytes);
  }
  return counted;
}

/** Adds up what samples that move between splits, or out of them, change in those counts. */
export function targetShifts(
  project: ReadableProject,
  datasetKey: number,
  { target, classes }: Pick<Dataset, 'target' | 'classes'>,
) {
  const sums = classes.map(() => ({ train: 0, validation: 0, test: 0 }));
  const read = project.prepare('SELECT targets FROM samples WHERE dataset_key = ? AND position = ?').pluck();
  return {
    /** @param by 1 for a sample that comes into a split, -1 for one that leaves it */
    add(position: number, splitCode: number, by: 1 | -1): void {
      const split = SPLITS[splitCode];
      if (!isSeveral(target) || !split) return;
      const bytes = read.get(datasetKey, position) as Buffer | null | undefined;
      if (bytes) addCounts(sums, { target, split, by }, bytes);
    },
    applied: (counted: Dataset['classes']): Dataset['classes'] =>
      counted.map((one, at) => {
        const { train, validation, test } = sums[at] ?? { train: 0, validation: 0, test: 0 };
        return {
          ...one,
          train: one.train + train,
          validation: one.validation + validation,
          test: one.test + test,
        };
      }),
  };
}

/** A label counts where it is given, a number where it is known. */
function addCounts(
  counts: Record<SplitName, number>[],
  { target, split, by }: { target: Dataset['target']; split: SplitName; by: number },
  bytes: Buffer,
): void {
  targetsOf(bytes).forEach((value, at) => {
    if (target === 'labels' ? value === 1 : !Number.isNaN(value)) counts[at]![split] += by;
  });
}
