/**
 * Whether a study and its data have come together. Until then it stays importing, held or failed, and none of its runs
 * may start: what happens to those runs meanwhile (pause, resume, cancel) changes only whether they wait.
 */
import { IMPORT_HELD, type Run, type Study } from '../../contract/entities.ts';
import { PretextError, type Failure } from '../../contract/errors.ts';
import type { ImportOptions, Recipe } from '../../contract/recipe/recipe.ts';
import { findDataset, type ReadableProject } from '../../project/index.ts';

/** Datasets of the recipe that the project does not have yet. */
export function missingImports(project: ReadableProject, recipe: Recipe): [string, ImportOptions][] {
  return Object.entries(recipe.data.import).filter(([name]) => !findDataset(project, name));
}

/** A study fails by a run of its own; one that failed before any of them had begun had not got its data. */
export function isPrepared({ status }: Study, runs: readonly Pick<Run, 'startedAt'>[]): boolean {
  return status !== 'importing' && (status !== 'failed' || runs.some((run) => run.startedAt !== null));
}

export const isHeld = ({ status, failure }: Study) => status === 'importing' && failure?.code === IMPORT_HELD;

/** Why a study waits for a person's word before it reads files: a project may come from elsewhere. */
export function heldImport(project: ReadableProject, recipe: Recipe): Failure {
  const imports = missingImports(project, recipe);
  const paths = imports.flatMap(([, { path, labels }]) => [path, ...(labels ? [labels] : [])]);
  return {
    code: IMPORT_HELD,
    message: `Not all data of this study are in the project. To go on, the program reads ${paths.map((path) => `“${path}”`).join(' and ')}.`,
    ...(paths[0] !== undefined && { place: paths[0] }),
    remedy: 'Go on, by starting it again, if you know where that leads; otherwise cancel the study.',
  };
}

/** Throws the reason where the study waits for a person's word. */
export function requireNotHeld(study: Study): void {
  if (isHeld(study) && study.failure) throw new PretextError(study.failure);
}
