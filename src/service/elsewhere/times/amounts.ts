/** How much of which data a run has: the same names may stand for more of them after another import. */
import type { ResultRow } from '../../../contract/results/result.ts';
import type { Run } from '../../../contract/entities.ts';
import {
  findHeldDataset,
  listResultsOfRun,
  readHeldLabels,
  readSeenPartsOf,
  type HeldLabels,
  type ReadableProject,
} from '../../../project/index.ts';

/** Of a dataset. */
export interface Amount {
  /** A dataset that is imported anew under its name has another. */
  id: string;
  /** Version of its labels: each may have more of them. */
  labels: number;
  /** In training, validation and test data together, however they are divided. */
  samples: number;
}

type Of = Pick<Run, 'id' | 'studyId' | 'datasets'>;

/** @returns what a run will have, by the datasets as its study holds them; each of them is looked up once. */
export function amountsNow(project: ReadableProject): (run: Of) => (Amount | null)[] {
  const held = new Map<string, HeldLabels>();
  const known = new Map<string, Amount | null>();
  const amountOf = (studyId: string, name: string): Amount | null => {
    if (!held.has(studyId)) held.set(studyId, readHeldLabels(project, studyId));
    const stored = findHeldDataset(project, held.get(studyId)!, name);
    if (!stored) return null;
    const { train, validation, test } = stored.dataset.split;
    return { id: stored.dataset.id, labels: stored.labelVersion, samples: train + validation + test };
  };
  return ({ studyId, datasets }) =>
    datasets.map((name) => {
      const key = JSON.stringify([studyId, name]);
      if (!known.has(key)) known.set(key, amountOf(studyId, name));
      return known.get(key)!;
    });
}

/** What a run had as it began; null where a version before this was counted ran it. */
export function amountsThen(project: ReadableProject, { id, studyId, datasets }: Of): Amount[] | null {
  const seen = readSeenPartsOf(project, id);
  const held = readHeldLabels(project, studyId);
  const amounts = datasets.flatMap((name): Amount[] => {
    const of = seen?.find(({ dataset }) => dataset === name);
    if (!of) return [];
    const { train, validation, test } = of.parts;
    const samples = [train, validation, test].reduce((sum, part) => sum + (part?.samples ?? 0), 0);
    return [{ id: of.datasetId, labels: held[of.datasetId] ?? 0, samples }];
  });
  return amounts.length === datasets.length ? amounts : null;
}

/**
 * Steps that a run really did, which are fewer than were planned where seeds stopped early; null where that is not
 * known.
 */
export function stepsDone(project: ReadableProject, { id, kind, progress }: Run): number | null {
  if (!progress) return null;
  return kind === 'pretext' ? progress.steps : stepsOfSeeds(listResultsOfRun(project, id), progress);
}

/** @param progress of the end: planned steps of all seeds */
export function stepsOfSeeds(
  results: readonly { row: Pick<ResultRow, 'seed' | 'curve'> }[],
  { steps, seed }: NonNullable<Run['progress']>,
): number | null {
  const planned = steps / (seed?.count ?? 1);
  const bySeed = new Map<number, number>();
  // Heads that are trained at once stop at once, and each may have a curve.
  for (const { row } of results)
    bySeed.set(row.seed, Math.max(bySeed.get(row.seed) ?? 0, row.curve?.at(-1)?.step ?? 0));
  if (bySeed.size !== (seed?.count ?? 1)) return null;
  // Only who looks at validation data stops early, and then there is a curve.
  return [...bySeed.values()].reduce((sum, last) => sum + (last || planned), 0);
}
