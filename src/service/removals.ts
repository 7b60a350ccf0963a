/** Removing with undo: hidden at once, deleted for good a while later or when the project is opened next. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  deleteCurves,
  deleteDataset,
  deleteOwnFile,
  deleteStudy,
  emptyTrash,
  ERASING,
  hideDataset,
  hideStudy,
  listAllCheckpointFilesOf,
  listAnswerFilesOf,
  listHiddenDatasets,
  listHiddenStudies,
  listModelIdsOf,
  liveClaims,
  moveToTrash,
  namesIn,
  referencedAnswerFiles,
  referencedCheckpointFiles,
  referencedModels,
  referencedShards,
  removeLeftovers,
  watchLives,
  idOfFile,
  STALE_MS,
  type NamedPart,
} from '../project/index.ts';
import { deleteCheckpointFiles } from './runs/checkpoint-files.ts';
import type { Workplace } from './workplace/workplace.ts';

export const UNDO_SECONDS = 20;
/** Files that nothing refers to may have been written a moment before they are told of. */
const ORPHAN_AGE_MS = 3_600_000;

export interface Removals {
  removeDataset(datasetId: string): void;
  removeStudy(studyId: string): void;
  /** The undo: what was hidden is not deleted. */
  keep(id: string): void;
  /** Deletes what was removed before this service started, and what killed processes left. For the owner only. */
  purge(): Promise<void>;
  close(): void;
}

export function createRemovals(workplace: Workplace): Removals {
  const { project, log, guard } = workplace;
  const timers = new Map<string, NodeJS.Timeout>();
  const watch = watchLives();
  const later = (id: string, milliseconds: number, work: () => Promise<void> | void) => {
    const timer = setTimeout(() => {
      timers.delete(id);
      guard('tidying up failed', work);
    }, milliseconds);
    timers.set(id, timer);
  };
  const purge = async () => {
    const claimed = liveClaims(project, watch);
    removeLeftovers(project.folder, claimed);
    for (const { study, removedAt } of listHiddenStudies(project))
      if (isOld(removedAt)) await eraseStudy(workplace, study.id);
    for (const { dataset, removedAt } of listHiddenDatasets(project))
      if (isOld(removedAt) && !claimed.has(dataset.id)) await eraseDataset(workplace, dataset.id);
    if (!project.connection.open) return;
    const orphans = [
      ...trashOrphans(project.folder, 'shards', referencedShards(project), claimed),
      ...trashOrphans(project.folder, 'checkpoints', referencedCheckpointFiles(project), claimed),
      ...trashOrphans(project.folder, 'answers', referencedAnswerFiles(project), claimed),
      ...trashOrphans(project.folder, 'models', referencedModels(project), claimed),
    ];
    if (orphans.length > 0) log.info({ orphans }, 'files that nothing refers to went to the trash');
    const gone = emptyTrash(project.folder);
    if (gone.length > 0) log.info({ gone }, 'files were deleted after a month in the trash');
    // Whether imports of another machine still live is known after a while.
    if (claimed.size > 0) later('purge', 2 * STALE_MS, purge);
  };
  return {
    removeDataset(datasetId) {
      hideDataset(project, datasetId);
      later(datasetId, UNDO_SECONDS * 1000, () => eraseDataset(workplace, datasetId));
    },
    removeStudy(studyId) {
      hideStudy(project, studyId);
      later(studyId, UNDO_SECONDS * 1000, () => eraseStudy(workplace, studyId));
    },
    keep(id) {
      clearTimeout(timers.get(id));
      timers.delete(id);
    },
    purge,
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

function isOld(removedAt: string | null): boolean {
  if (removedAt === null) return false;
  return removedAt === ERASING || Date.now() - Date.parse(removedAt) > UNDO_SECONDS * 1000;
}

/** Another process may have erased it first, or brought it back. */
async function eraseDataset({ project, log }: Workplace, datasetId: string): Promise<void> {
  const hidden = listHiddenDatasets(project).find(({ dataset }) => dataset.id === datasetId);
  if (!hidden) return;
  await deleteDataset(project, datasetId);
  if (!project.connection.open) return;
  for (const name of namesIn(project.folder, 'shards'))
    if (belongsTo(name, hidden.shard)) deleteOwnFile(project.folder, 'shards', name);
  log.info({ dataset: hidden.dataset.name }, 'dataset deleted');
}

async function eraseStudy(workplace: Workplace, studyId: string): Promise<void> {
  const { project, log } = workplace;
  const hidden = listHiddenStudies(project).find(({ study }) => study.id === studyId);
  if (!hidden) return;
  const files = listAllCheckpointFilesOf(project, hidden.study.runIds);
  const answers = listAnswerFilesOf(project, hidden.study.runIds);
  const models = listModelIdsOf(project, hidden.study.runIds);
  if (!(await deleteCurves(project, studyId))) return;
  deleteStudy(project, studyId);
  deleteCheckpointFiles(workplace, files);
  for (const name of answers) deleteOwnFile(project.folder, 'answers', name);
  // They may be in use elsewhere by their path: a month is left to take them out.
  moveToTrash(project.folder, 'models', models);
  log.info({ study: hidden.study.name }, 'study deleted');
}

/** A shard, or one that was made from it in another shape. */
const belongsTo = (file: string, shard: string) => file === shard || originOf(file) === shard;
const originOf = (file: string) => file.split('.').slice(0, 2).join('.');

function trashOrphans(
  folder: string,
  part: NamedPart,
  referenced: ReadonlySet<string>,
  claimed: ReadonlySet<string>,
): string[] {
  const orphans = namesIn(folder, part).filter(
    (name) =>
      !claimed.has(idOfFile(name)) &&
      !referenced.has(name) &&
      !referenced.has(originOf(name)) &&
      isOldFile(join(folder, part, name)),
  );
  return moveToTrash(folder, part, orphans);
}

function isOldFile(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > ORPHAN_AGE_MS;
}
