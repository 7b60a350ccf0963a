/** The folds of a study as its results tell them, with what its runs saw, compared. */
import type { SeenParts } from '../../contract/data/splits/seen-parts.ts';
import type { Study } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import { foldsWords, type FoldGroups } from '../../contract/recipe/folds.ts';
import { finetuneDatasetOf } from '../../contract/recipe/recipe.ts';
import type { Proof, StudyFold, StudyFolds } from '../../contract/results/folds.ts';
import { listFolds, type ReadableProject, type StoredRun } from '../../project/index.ts';
import { foldOf } from '../recipes/tries.ts';

/** Names of groups that a fold tells. */
const MOST_NAMES = 200;

/** What runs saw of their datasets, by their ids. */
type Seen = ReadonlyMap<string, readonly SeenParts[]>;

/** What each run saw: those that saw the same are one entry. Runs of versions before this was counted are in none. */
export function proofsOf(seen: Seen, stored: readonly StoredRun[]): Proof[] {
  const entries = stored.flatMap(({ run }) =>
    (seen.get(run.id) ?? []).map((parts) => ({ run: run.name, parts })),
  );
  const alike = Map.groupBy(entries, ({ parts }) => JSON.stringify(parts));
  return [...alike.values()].map((own) => ({ ...own[0]!.parts, runs: own.map(({ run }) => run) }));
}

/** Null where the study has none. @throws PretextError `split.not-disjoint` where runs of a fold saw different parts */
export function studyFolds(
  project: ReadableProject,
  { id, recipe }: Study,
  stored: readonly StoredRun[],
  seen: Seen,
): StudyFolds | null {
  const { folds } = recipe.data;
  if (!folds) return null;
  const target = finetuneDatasetOf(recipe);
  return {
    by: folds.by,
    words: foldsWords(folds),
    folds: listFolds(project, id).map((fold) => {
      const own = stored
        .filter((one) => foldOf(one) === fold.number)
        .flatMap(({ run }) => (seen.get(run.id) ?? []).filter(({ dataset }) => dataset === target));
      return describe(fold, own);
    }),
  };
}

function describe(fold: FoldGroups, seen: readonly SeenParts[]): StudyFold {
  const told = (names: readonly string[]) => ({
    groups: names.length,
    ...(names.length <= MOST_NAMES && { names: [...names] }),
  });
  const { number, sha256, copies } = fold;
  const [first] = seen;
  requireAlike(fold, seen);
  const { train, validation, test } = first?.parts ?? {};
  return {
    number,
    train: told(fold.train),
    validation: told(fold.validation),
    test: told(fold.test),
    sha256,
    samples: first ? { train: train!.samples, validation: validation!.samples, test: test!.samples } : null,
    disjoint: first ? true : null,
    ...(copies && { copies }),
  };
}

/** Pretraining, training and tests by the same parts, counted in each run: no group in two of them. */
function requireAlike({ number, test }: FoldGroups, seen: readonly SeenParts[]): void {
  const hashes = (parts: SeenParts['parts']) =>
    [parts.train, parts.validation, parts.test].map(({ sha256 }) => sha256).join();
  const apart = new Set(seen.map(({ parts }) => hashes(parts)));
  const parted = seen.some((one) => one.parted > 0);
  const wrong = seen.some(
    ({ parts }) => parts.test.names && parts.test.names.join() !== test.toSorted().join(),
  );
  if (apart.size <= 1 && !parted && !wrong) return;
  throw new PretextError({
    code: 'split.not-disjoint',
    message: `The runs of fold ${number} did not all see the same training, validation and test samples, so its scores mean nothing.`,
    place: `fold ${number}`,
    remedy: 'Start the study anew.',
  });
}
