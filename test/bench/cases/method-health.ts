/** The health watch of a run, for the bench's own loop: the same looks at the same times, judged in the same way. */
import type { Finding } from '../../../src/contract/entities.ts';
import type { DatasetSelection } from '../../../src/contract/messages/dataset-selection.ts';
import { healthyRecord, judgeHealth, recordStep } from '../../../src/learning/evaluation/health/health.ts';
import type { Program } from '../../../src/tensor/index.ts';
import {
  createHealthCheck,
  healthSizes,
  type HealthCheck,
} from '../../../src/training/pretext/health/check.ts';

export interface MethodWatch {
  /** After each step, with all that it told. */
  step(step: number, values: Record<string, number>): Promise<void>;
  /** "collapse in epoch 3": what was found, none in healthy runs. */
  findings(): string[];
}

/** Looks at samples that are not trained on, at their features alone: all that a run's own watch judges by. */
export function createMethodWatch(
  program: Program,
  images: DatasetSelection,
  unseen: Int32Array,
  run: { stepsPerEpoch: number; batch: number; features: number },
): MethodWatch {
  const sizes = healthSizes(run.stepsPerEpoch * run.batch, unseen.length, 0);
  return watchOver(createHealthCheck(program, [images], [unseen], sizes), run);
}

/** Kept apart from the looking, so that it can be tested. */
export function watchOver(
  check: Pick<HealthCheck, 'look'>,
  { stepsPerEpoch, features }: { stepsPerEpoch: number; features: number },
): MethodWatch {
  let record = healthyRecord();
  const begun: Finding[] = [];
  return {
    async step(step, values) {
      record = recordStep(record, values);
      if (step !== 1 && step % stepsPerEpoch !== 0) return;
      const { embeddingDeviation, effectiveRank } = await check.look({ views: false, progress: 0 });
      const verdict = judgeHealth(record, {
        step,
        epoch: step / stepsPerEpoch,
        first: step === 1,
        idealDeviation: 1 / Math.sqrt(features),
        embeddingDeviation,
        effectiveRank,
      });
      record = verdict.record;
      // What is over is told once more.
      begun.push(...verdict.news.filter(({ overAtStep }) => overAtStep == null));
    },
    findings: () => begun.map(({ kind, epoch }) => `${kind} in epoch ${Math.ceil(epoch)}`),
  };
}
