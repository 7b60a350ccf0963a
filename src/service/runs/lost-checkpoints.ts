/**
 * Checkpoints that a run cannot go on from.
 *
 * One whose bytes prove it broken is set aside under another name, and the run goes back to the one before. One that
 * could not be read, or is not there, proves nothing (a disk that was away, a folder that is still being copied): the
 * run pauses, and only when somebody resumes this very run without the file it is given up.
 */
import { renameSync } from 'node:fs';
import { basename } from 'node:path';
import type { Failure } from '../../contract/errors.ts';
import {
  checkpointFile,
  forgetCheckpoint,
  getCheckpoint,
  type ReadableProject,
} from '../../project/index.ts';
import type { Workplace } from '../workplace/workplace.ts';

const PROVEN = ['checkpoint.broken', 'checkpoint.changed'];

/** Whether the failure is that the checkpoint which this very run wanted to continue from is broken. */
export function isProvenBroken(project: ReadableProject, failure: Failure, checkpointId: string): boolean {
  const { file } = getCheckpoint(project, checkpointId);
  return PROVEN.includes(failure.code) && basename(failure.place ?? '') === file;
}

export function setAside({ project, log }: Workplace, checkpointId: string, failure: Failure): void {
  const { file } = getCheckpoint(project, checkpointId);
  const path = checkpointFile(project.folder, file);
  forgetCheckpoint(project, checkpointId);
  try {
    renameSync(path, `${path}.broken`);
  } catch (error) {
    // Nothing refers to it any more: it is in nobody's way, under whichever name.
    log.warn({ err: error, file }, 'a broken checkpoint could not be renamed');
  }
  log.warn({ failure, file: `${file}.broken` }, 'a checkpoint is broken: going back to the one before');
}
