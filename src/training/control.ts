/** What a run says to the outside and hears from it. */
import type { Checkpoint, Finding, MetricPoint, Progress, TransferReport } from '../contract/entities.ts';
import type { ProbeResamples } from '../contract/recipe/probe.ts';
import type { EnvironmentFacts } from '../contract/results/environment.ts';
import type { ResultRow } from '../contract/results/result.ts';
import type { ModelNote } from '../contract/model/model.ts';
import type { CheckpointNote, KeptAnswers } from '../contract/messages/trainer.ts';

export type Request = 'pause' | 'cancel';

export interface RunControl {
  /** Where the run runs and what was measured of it; later values are added to earlier ones. */
  environment(values: EnvironmentFacts): void;
  progress(progress: Progress): void;
  metrics(point: MetricPoint): void;
  finding(finding: Finding): void;
  probe(probe: ProbeResamples): void;
  checkpoint(checkpoint: CheckpointNote): void;
  transfer(report: TransferReport): void;
  /** @param others of further datasets that the run measures */
  result(row: ResultRow, answers: KeptAnswers, others?: readonly MeasuredHead[]): void;
  /** A model whose folder stands whole in the project. */
  model(note: ModelNote): void;
  /** Lets waiting messages arrive, then says whether the run was asked to pause or to end. */
  requested(): Promise<Request | null>;
}

/** What one head of several did with a seed. */
export interface MeasuredHead {
  row: ResultRow;
  answers: KeptAnswers;
}

export type RunOutcome = 'done' | 'paused' | 'cancelled';
export type CheckpointKind = Checkpoint['kind'];
