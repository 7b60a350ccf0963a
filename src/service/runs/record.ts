/**
 * What a trainer says of a run, written into the project in the order in which it was said: by the attempt that hears it
 * now, or from the journal of a job that was computed elsewhere.
 *
 * Points of curves gather until `flush`, and always go in before the checkpoint or the result that follows them.
 */
import type { MetricPoint, Progress } from '../../contract/entities.ts';
import type { CheckpointNote, FromTrainer } from '../../contract/messages/trainer.ts';
import {
  deleteMetricsAfter,
  dropFindingsAfter,
  getRun,
  inTransaction,
  insertMetrics,
  registerCheckpoint,
  saveAnswers,
  saveFinding,
  saveProbe,
  saveResult,
  saveSeenParts,
  saveTransfer,
  updateRun,
  type StoredRun,
  type WritableProject,
} from '../../project/index.ts';
import type { Run } from '../../contract/entities.ts';
import { keep } from '../models/kept.ts';
import type { Workplace } from '../workplace/workplace.ts';
import { deleteCheckpointFiles } from './checkpoint-files.ts';
import type { PreparedJob } from './jobs.ts';
import { identityOf } from './reuse.ts';

/** What a trainer tells of its run while it goes on; how it ends is the listener's matter. */
export type RunWord = Extract<
  FromTrainer,
  {
    type:
      | 'environment'
      | 'progress'
      | 'metrics'
      | 'finding'
      | 'probe'
      | 'checkpoint'
      | 'transfer'
      | 'result'
      | 'model';
  }
>;

export interface Recorder {
  hear(word: RunWord): void;
  /** Writes down what has gathered since the last time. */
  flush(): void;
}

/** @param seconds that the run has taken so far */
export function createRecorder(workplace: Workplace, runId: string, seconds: () => number): Recorder {
  const { project, events } = workplace;
  let points: MetricPoint[] = [];
  let progress: Progress | null = null;

  const flush = () => {
    if (points.length === 0 && !progress) return;
    const [newPoints, newProgress] = [points, progress];
    inTransaction(project, () => {
      insertMetrics(project, runId, newPoints);
      updateRun(project, runId, { seconds: seconds(), ...(newProgress && { progress: newProgress }) });
    });
    points = [];
    progress = null;
  };

  const keepCheckpoint = (note: CheckpointNote) => {
    const superfluous = inTransaction(project, () => {
      flush();
      updateRun(project, runId, { restarts: 0 });
      return registerCheckpoint(project, runId, note).superfluous;
    });
    deleteCheckpointFiles(workplace, superfluous);
  };

  const hear = (word: RunWord) => {
    switch (word.type) {
      case 'environment':
        // A trainer tells what it learns of a run as it goes on: machine, size, seconds to the first step.
        updateRun(project, runId, {
          environment: { ...getRun(project, runId).run.environment, ...word.environment },
        });
        return;
      case 'progress':
        progress = word.progress;
        events.publishProgress({
          ...getRun(project, runId).run,
          progress: word.progress,
          seconds: seconds(),
        });
        return;
      case 'metrics':
        points.push(word.point);
        events.publish({ type: 'metrics', runId, point: word.point });
        return;
      case 'finding':
        events.publish({ type: 'run', run: saveFinding(project, runId, word.finding) });
        return;
      case 'probe':
        saveProbe(project, runId, word.probe);
        return;
      case 'checkpoint':
        keepCheckpoint(word.checkpoint);
        return;
      case 'transfer': {
        const { checkpointId } = getRun(project, runId).run;
        saveTransfer(project, runId, checkpointId ?? '', word.report);
        return;
      }
      case 'result':
        inTransaction(project, () => {
          flush();
          saveResult(project, runId, word.row);
          if (word.answers) saveAnswers(project, runId, { seed: word.row.seed, ...word.answers });
          word.others?.forEach(({ row, answers }, at) => {
            saveResult(project, runId, row, at + 1);
            saveAnswers(project, runId, { head: at + 1, seed: row.seed, ...answers });
          });
          updateRun(project, runId, { restarts: 0 });
        });
        events.publish({ type: 'run', run: getRun(project, runId).run });
        return;
      case 'model':
        keep(workplace, runId, word);
    }
  };
  return { hear, flush };
}

/** Writes down what a run begins with; what an earlier attempt said of steps beyond that is taken back. */
export function recordStart(
  project: WritableProject,
  stored: StoredRun,
  prepared: PreparedJob,
  resumeStep = prepared.resumePoint?.step ?? -1,
): Run {
  const runId = stored.run.id;
  return inTransaction(project, () => {
    if (stored.run.kind === 'pretext') {
      deleteMetricsAfter(project, runId, resumeStep);
      dropFindingsAfter(project, runId, resumeStep);
    }
    saveSeenParts(project, runId, prepared.seen);
    const { inputShape } = prepared.job;
    return updateRun(project, runId, {
      selectionHash: prepared.selectionHash,
      identity: identityOf(prepared),
      checkpointId: prepared.checkpointId,
      config: { ...stored.config, inputShape, harmonisation: prepared.harmonisation },
    });
  });
}
