/** Writes a run's checkpoints into the project's folder and tells of each once it stands whole on the disk. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BestBy } from '../../contract/recipe/recipe.ts';
import type { StateArrays } from '../../tensor/index.ts';
import type { CheckpointNote } from '../../contract/messages/trainer.ts';
import { writeCheckpoint } from './file.ts';
import type { CheckpointKind, RunControl } from '../control.ts';

export interface CheckpointMoment {
  kind: CheckpointKind;
  step: number;
  epoch: number;
  /** The validation score by which it is best, where there is one. */
  score: number | null;
  scoreOf?: BestBy | null;
  tensors: StateArrays;
  metadata: Record<string, unknown>;
}

export type SaveCheckpoint = (moment: CheckpointMoment) => Promise<CheckpointNote>;

/**
 * Every checkpoint gets a name of its own, so that the one before stays whole until the new one is known to
 * the database; the project then deletes what nothing points to.
 */
export function checkpointWriter(projectFolder: string, runId: string, control: RunControl): SaveCheckpoint {
  const folder = join(projectFolder, 'checkpoints');
  return async ({ kind, step, epoch, score, scoreOf = null, tensors, metadata }) => {
    await mkdir(folder, { recursive: true });
    const file = `${runId}-${kind}-${step}.safetensors`;
    const written = await writeCheckpoint(join(folder, file), {
      tensors,
      metadata: { ...metadata, runId, kind, step, epoch },
    });
    const note = { kind, step, epoch, score, scoreOf, file, ...written };
    control.checkpoint(note);
    return note;
  };
}
