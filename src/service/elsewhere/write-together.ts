/**
 * What several jobs have found, written to the database at once: every commit waits for the disk. What is not written
 * yet is lost where the process ends, and found again in the bundle the next time.
 */
import { inTransaction, type AwayRun } from '../../project/index.ts';
import { deleteCheckpointFiles } from '../runs/checkpoint-files.ts';
import type { Workplace } from '../workplace/workplace.ts';

/** Of one job, whose files are in the project already. */
export interface JobNews {
  one: AwayRun;
  /** Whether the job has ended. */
  ended: boolean;
  /** Writes all of it, or throws. Returns files of checkpoints that are superfluous now. */
  write(): string[];
  /** Called once it lasts. */
  written(): void;
}

export interface Writing {
  /** Runs whose jobs have ended and are written. */
  readonly ended: readonly string[];
  add(news: JobNews): void;
  /** Whether what was found of a run is not written yet. */
  waits(runId: string): boolean;
  settle(): void;
}

/** The database is not held longer than a blink of an eye. */
const MOST_AT_ONCE = 50;

/** @param refuse hears of a job that could not be written: nothing of it was */
export function createWriting(
  workplace: Workplace,
  refuse: (one: AwayRun, thrown: unknown) => void,
): Writing {
  const { project } = workplace;
  const ended: string[] = [];
  let waiting: JobNews[] = [];
  const settle = () => {
    const all = waiting;
    waiting = [];
    if (all.length === 0) return;
    const done: { news: JobNews; superfluous: string[] }[] = [];
    const failed: { news: JobNews; thrown: unknown }[] = [];
    try {
      inTransaction(project, () => {
        for (const news of all)
          try {
            // Within the other one: what fails leaves nothing, and the others stay.
            done.push({ news, superfluous: inTransaction(project, () => news.write()) });
          } catch (thrown) {
            // A disk that fails ends the outer one too: nothing may be written after it as if it were still there.
            if (!project.connection.inTransaction) throw thrown;
            failed.push({ news, thrown });
          }
      });
    } catch (thrown) {
      for (const { one } of all) refuse(one, thrown);
      return;
    }
    for (const { news, thrown } of failed) refuse(news.one, thrown);
    for (const { news } of done) {
      news.written();
      if (news.ended) ended.push(news.one.runId);
    }
    deleteCheckpointFiles(
      workplace,
      done.flatMap(({ superfluous }) => superfluous),
    );
  };
  return {
    ended,
    add(news) {
      waiting.push(news);
      if (waiting.length >= MOST_AT_ONCE) settle();
    },
    waits: (runId) => waiting.some(({ one }) => one.runId === runId),
    settle,
  };
}
