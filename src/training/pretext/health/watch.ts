/** Judges what a look found, says what is wrong, and ends a run that may stop by itself. */
import { PretextError } from '../../../contract/errors.ts';
import type { Finding } from '../../../contract/entities.ts';
import type { PretextInputs } from '../../inputs.ts';
import {
  judgeHealth,
  lossIsNoNumber,
  type HealthRecord,
} from '../../../learning/evaluation/health/health.ts';
import type { RunControl } from '../../control.ts';
import type { HealthLook } from './check.ts';

export interface Look {
  record: HealthRecord;
  step: number;
  found: HealthLook;
}

/** What a run that is watched tells of itself. */
export interface Watched {
  schedule: { stepsPerEpoch: number };
  facts: { encoderFeatures: number };
}

/**
 * @returns what to remember until the next look
 * @throws PretextError where the run cannot recover and is to stop then
 */
export function watch(
  { pretext }: PretextInputs,
  { schedule, facts }: Watched,
  control: RunControl,
  { record, step, found }: Look,
): HealthRecord {
  const { embeddingDeviation, effectiveRank } = found;
  const verdict = judgeHealth(record, {
    step,
    epoch: step / schedule.stepsPerEpoch,
    first: step === 1,
    idealDeviation: 1 / Math.sqrt(facts.encoderFeatures),
    embeddingDeviation,
    effectiveRank,
  });
  for (const finding of verdict.news) control.finding(finding);
  if (verdict.hopeless && pretext.onCollapse === 'stop') throw stopped(verdict.hopeless, step);
  return verdict.record;
}

/** The failure of a run whose loss is no number any more; its finding is said first. */
export function diverged(
  control: RunControl,
  { step, epoch }: { step: number; epoch: number },
  learningRate: number,
): PretextError {
  const finding = lossIsNoNumber(step, epoch);
  control.finding(finding);
  return new PretextError({
    code: 'training.diverged',
    message: `${finding.message.replace(/\.$/, '')}: training diverged.`,
    place: `learning rate ${learningRate.toPrecision(3)}`,
    remedy: finding.advice,
  });
}

function stopped({ kind, step: since, message, advice }: Finding, step: number): PretextError {
  return new PretextError({
    code: kind === 'divergence' ? 'training.diverged' : 'training.collapsed',
    message: `Stopped at step ${step}, as it has not recovered since step ${since}. ${message}`,
    place: 'pretext.onCollapse: stop',
    remedy: advice,
  });
}
