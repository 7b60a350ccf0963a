/** Removing with undo: hidden at once, deleted for good a while later or when the project is opened next. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  deleteDataset,
  deleteStudy,
  getDataset,
  getStudy,
  hideDataset,
  hideStudy,
  listAllCheckpointFilesOf,
  listHiddenDatasets,
  listHiddenStudies,
  referencedCheckpointFiles,
  referencedShards,
  checkpointFolder,
  shardFolder,
} from '../project/index.ts';
import { deleteCheckpointFiles } from './runs/checkpoint-files.ts';
import type { Workplace } from './workplace.ts';

export const UNDO_SECONDS = 20;
/** Files that nothing refers to may belong to an import of another process that is about to end. */
const ORPHAN_AGE_MS = 3_600_000;

export interface Removals {
  removeDataset(datasetId: string): void;
  removeStudy(studyId: string): void;
  /** The undo: what was hidden is not deleted. */
  keep(id: string): void;
  /** Deletes what was removed before this service started. For the owner only. */
  purge(): void;
  close(): void;
}

export function createRemovals(workplace: Workplace): Removals {
  const { project, log } = workplace;
  const timers = new Map<string, NodeJS.Timeout>();
  const later = (id: string, work: () => void) => {
    timers.set(
      id,
      setTimeout(() => {
        timers.delete(id);
        work();
      }, UNDO_SECONDS * 1000),
    );
  };
  return {
    removeDataset(datasetId) {
      hideDataset(project, datasetId);
      later(datasetId, () => eraseDataset(workplace, datasetId));
    },
    removeStudy(studyId) {
      hideStudy(project, studyId);
      later(studyId, () => eraseStudy(workplace, studyId));
    },
    keep(id) {
      clearTimeout(timers.get(id));
      timers.delete(id);
    },
    purge() {
      const isOld = (removedAt: string | null) =>
        removedAt !== null && Date.now() - Date.parse(removedAt) > UNDO_SECONDS * 1000;
      for (const { study, removedAt } of listHiddenStudies(project))
        if (isOld(removedAt)) eraseStudy(workplace, study.id);
      for (const { dataset, removedAt } of listHiddenDatasets(project))
        if (isOld(removedAt)) eraseDataset(workplace, dataset.id);
      const orphans = [
        ...orphansIn(shardFolder(project.folder), referencedShards(project)),
        ...orphansIn(checkpointFolder(project.folder), referencedCheckpointFiles(project)),
      ];
      for (const file of orphans) rmSync(file, { force: true });
      if (orphans.length > 0) log.info({ orphans }, 'files that nothing refers to were deleted');
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

function eraseDataset({ project, log }: Workplace, datasetId: string): void {
  const { dataset, shard } = getDataset(project, datasetId);
  deleteDataset(project, datasetId);
  for (const file of readdirSync(shardFolder(project.folder)).filter((name) => belongsTo(name, shard)))
    rmSync(join(shardFolder(project.folder), file), { force: true });
  log.info({ dataset: dataset.name }, 'dataset deleted');
}

function eraseStudy(workplace: Workplace, studyId: string): void {
  const { project, log } = workplace;
  const { study } = getStudy(project, studyId);
  const files = listAllCheckpointFilesOf(project, study.runIds);
  deleteStudy(project, studyId);
  deleteCheckpointFiles(workplace, files);
  log.info({ study: study.name }, 'study deleted');
}

/** A shard, or one that was made from it in another shape. */
const belongsTo = (file: string, shard: string) => file === shard || file.startsWith(`${shard}.`);

function orphansIn(folder: string, referenced: ReadonlySet<string>): string[] {
  return readdirSync(folder)
    .filter((file) => ![...referenced].some((kept) => belongsTo(file, kept)))
    .map((file) => join(folder, file))
    .filter((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found !== undefined && Date.now() - found.mtimeMs > ORPHAN_AGE_MS;
    });
}
