/** Studies: from a recipe to the runs of its plan. */
import type { Checkpoint, Study } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import {
  finetuneDatasetOf,
  importSchema,
  type ImportOptions,
  type Recipe,
} from '../../contract/recipe/recipe.ts';
import {
  findDataset,
  findUnfinishedStudy,
  getDataset,
  getRun,
  getStudy,
  hasRecordings,
  inTransaction,
  insertStudy,
  listAllCheckpoints,
  listDatasets,
  listRunsOf,
  setStudyStatus,
  type ReadableProject,
  type StoredDataset,
  type WritableProject,
  insertRuns,
} from '../../project/index.ts';
import type { EncoderChoice } from '../../learning/catalogue.ts';
import { canonicalJson, hashOf } from '../recipes/canonical.ts';
import { originsOf } from '../recipes/lineage.ts';
import { datasetsOf, planRuns } from '../recipes/plan.ts';
import { checkMeaning, type KnownProject } from '../recipes/meaning.ts';
import { requirePaths, resolvePaths } from '../recipes/paths.ts';
import { toRecipeFailure } from '../recipes/text.ts';
import { nameOf } from '../recipes/field-check.ts';
import { isPrepared, missingImports } from './data-there.ts';
import { dividesAnew } from './folds.ts';
import { proposeForStudy, withForm, withProposals } from './proposals.ts';
import { writeOptionsOut } from './written-options.ts';
import { refreshStudy, resumeStudy, type Changes } from './transitions.ts';

/**
 * Writes a study with all its runs into the database, or puts the unfinished study of the same recipe back to
 * work. The queue's owner does the rest.
 *
 * Throws a PretextError when the recipe cannot be carried out in this project.
 */
export function startStudy(
  project: WritableProject,
  recipe: Recipe,
  baseFolder?: string,
): { study: Study; changes: Changes } {
  const given = resolvePaths(recipe, baseFolder);
  // Written out, so that the runs of a study from before this choice go on as they began; the hash stays the same.
  const copiesOfHeldOut = given.data.copiesOfHeldOut ?? 'leave-out';
  const resolved = { ...given, data: { ...given.data, copiesOfHeldOut } };
  const { copiesOfHeldOut: _default, ...data } = resolved.data;
  const recipeHash = hashOf(
    withoutThreads(copiesOfHeldOut === 'leave-out' ? { ...resolved, data } : resolved),
  );
  const unfinished = findUnfinishedStudy(project, recipeHash);
  requireReusable(project, resolved);
  const proposed = withProposals(project, resolved);
  requirePossible(project, proposed);
  requireUnseen(project, resolved);
  requirePaths(missingImports(project, resolved));
  const studyId = inTransaction(project, () => {
    const id = unfinished?.id ?? insertPlan(project, proposed, recipeHash, baseFolder ?? null);
    const runs = listRunsOf(project, id).map(({ run }) => run);
    const divides = dividesAnew(resolved) && !runs.some(({ startedAt }) => startedAt !== null);
    if (missingImports(project, resolved).length > 0 || divides) setStudyStatus(project, id, 'importing');
    else if (!isPrepared(getStudy(project, id).study, runs)) {
      proposeForStudy(project, id);
      setStudyStatus(project, id, 'running');
    } else if (!unfinished) writeOptionsOut(project, id);
    refreshStudy(project, id);
    return id;
  });
  const changes = unfinished ? resumeStudy(project, studyId) : { runIds: [], studyIds: [] };
  const { study } = getStudy(project, studyId);
  return { study, changes: { runIds: [...changes.runIds, ...study.runIds], studyIds: [study.id] } };
}

/** Threads change no result: with others, an unfinished study is the same one, and goes on with its own. */
const withoutThreads = ({ device: { threads: _threads, ...device }, ...recipe }: Recipe) => ({
  ...recipe,
  device,
});

function insertPlan(
  project: WritableProject,
  recipe: Recipe,
  recipeHash: string,
  baseFolder: string | null,
): string {
  const studyId = insertStudy(project, { recipe, recipeHash, baseFolder, status: 'running' });
  // A tournament decides what is planned, and needs its datasets to begin; so do folds.
  if (!recipe.tournament && !recipe.data.folds) insertRuns(project, studyId, planRuns(recipe));
  return studyId;
}

/** Throws `dataset.differs` when a dataset of the recipe's name was imported from elsewhere or in another way. */
export function requireReusable(project: ReadableProject, recipe: Recipe): void {
  for (const [name, wanted] of Object.entries(recipe.data.import)) {
    const present = findDataset(project, name);
    if (!present) continue;
    const before = withKindOf(wanted, present);
    const different = (Object.keys(importSchema.shape) as (keyof ImportOptions)[]).filter(
      (field) => canonicalJson({ value: wanted[field] }) !== canonicalJson({ value: before[field] }),
    );
    if (different.length > 0) throw differentImport(name, different, wanted, before);
  }
}

/** What signals are of was found, or said since the import: a recipe that says the same, or nothing, asks for no other. */
function withKindOf(
  { signals: { kind } }: ImportOptions,
  { dataset, importOptions }: StoredDataset,
): ImportOptions {
  const { kind: said, ...signals } = importOptions.signals;
  const asks = kind !== undefined && kind !== 'auto';
  const told = asks ? (dataset.signalKind?.kind ?? said) : kind;
  return { ...importOptions, signals: { ...signals, ...(told !== undefined && { kind: told }) } };
}

function differentImport(
  name: string,
  fields: (keyof ImportOptions)[],
  wanted: ImportOptions,
  present: ImportOptions,
): PretextError {
  const text = (value: unknown) => JSON.stringify(value) ?? 'nothing';
  const list = fields.map(
    (field) => `${field} was ${text(present[field])}, the recipe says ${text(wanted[field])}`,
  );
  return new PretextError({
    code: 'dataset.differs',
    message: `The project has a dataset “${name}” already, imported differently: ${list.join('; ')}.`,
    place: `data.import.${name}`,
    remedy:
      'Give the dataset another name in the recipe, or remove the one in the project. A kind of signal alone can be said of the one that is there, on the dataset’s page under Details, or by `pretext data kind`.',
  });
}

/** What is known for judging the recipe: only when all its datasets are there can their kind be looked at. */
export function knownProject(project: ReadableProject, recipe: Recipe): KnownProject {
  const names = datasetsOf(withForm(project, recipe));
  const all = listDatasets(project);
  const datasets = all.filter(({ name }) => names.includes(name));
  const checkpoints = listAllCheckpoints(project);
  return {
    formed: (one) => withForm(project, one),
    datasets,
    datasetNames: all.map(({ name }) => name),
    recorded: new Set(
      datasets.flatMap(({ id, name }) => (hasRecordings(project, getDataset(project, id).key) ? [name] : [])),
    ),
    checkpointIds: checkpoints.map(({ id }) => id),
    encoders: new Map(checkpoints.flatMap((checkpoint) => encoderOf(project, checkpoint) ?? [])),
  };
}

/** The encoder that a pretext run trained, by the id of its checkpoint. */
function encoderOf(project: ReadableProject, { id, runId }: Checkpoint): [[string, EncoderChoice]] | null {
  const { run, config } = getRun(project, runId);
  return run.kind === 'pretext' ? [[id, config.encoder]] : null;
}

/** Throws `folds.seen` where the study would start from weights that were pretrained on what its folds test. */
export function requireUnseen(project: ReadableProject, recipe: Recipe): void {
  const name = finetuneDatasetOf(recipe);
  if (!recipe.data.folds) return;
  const seen = [...originsOf(project, recipe)].find(({ source }) =>
    source?.config.data.pretrain.includes(name),
  );
  if (!seen) return;
  throw new PretextError({
    code: 'folds.seen',
    message: `The checkpoint “${seen.id}” was pretrained on “${name}”, groups of which the folds test.`,
    place: recipe.fromCheckpoint ? 'fromCheckpoint' : 'pretext.startFrom',
    remedy: 'Pretrain in each fold anew (leave the checkpoint out), or start from one of other data.',
  });
}

/** Throws a PretextError when the recipe cannot be carried out with what the project holds. */
export function requirePossible(project: ReadableProject, recipe: Recipe): void {
  const [first, ...others] = checkMeaning(recipe, knownProject(project, recipe));
  if (!first) return;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new PretextError(
    toRecipeFailure({ ...first, message: first.message + more }, nameOf(first.path).replaceAll('`', '')),
  );
}
