import { describe, expect, it } from 'vitest';
import { healthyRecord, recordStep } from '../../../../../src/learning/evaluation/health/health.ts';
import type { PretextInputs } from '../../../../../src/training/inputs.ts';
import { diverged, watch } from '../../../../../src/training/pretext/health/watch.ts';
import { recorder } from '../../../../fixtures/recorder.ts';

/** Features of 16 directions: spread evenly their deviation is a quarter. */
function watching(onCollapse: 'stop' | 'continue') {
  const control = recorder();
  let record = healthyRecord();
  const look = (step: number, embeddingDeviation: number, effectiveRank = 10) => {
    record = watch(
      { pretext: { onCollapse } } as unknown as PretextInputs,
      { schedule: { stepsPerEpoch: 10 }, facts: { encoderFeatures: 16 } },
      control,
      { record: recordStep(record, { loss: 1 }), step, found: { embeddingDeviation, effectiveRank } },
    );
  };
  return { look, control };
}

describe('a run that is watched', () => {
  it('is told of once where its features become constant, and once more when that is over', () => {
    const { look, control } = watching('continue');
    look(1, 0.2);
    look(10, 0.2);
    expect(control.findings).toEqual([]);
    for (const step of [20, 30, 40]) look(step, 0.0001);
    expect(control.findings).toMatchObject([
      { kind: 'complete-collapse', step: 20, epoch: 2, overAtStep: null },
    ]);
    look(50, 0.2);
    expect(control.findings[1]).toMatchObject({ kind: 'complete-collapse', step: 20, overAtStep: 50 });
  });

  it('is stopped at the second such look in a row, where it may be', () => {
    const { look, control } = watching('stop');
    look(1, 0.2);
    look(10, 0.0001);
    look(20, 0.2);
    look(30, 0.0001);
    expect(() => look(40, 0.0001)).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({
          code: 'training.collapsed',
          message: expect.stringMatching(
            /^Stopped at step 40, as it has not recovered since step 30\. The encoder gives all samples nearly the same/,
          ) as string,
          place: 'pretext.onCollapse: stop',
        }) as unknown,
      }) as Error,
    );
    expect(control.findings).toHaveLength(3);
  });
});

it('a loss that is no number any more is told of, and ends the run with the rate that it had', () => {
  const control = recorder();
  const { failure } = diverged(control, { step: 7, epoch: 0.7 }, 0.123456);
  expect(failure).toMatchObject({ code: 'training.diverged', place: 'learning rate 0.123' });
  expect(failure.message).toMatch(/[^.]: training diverged\.$/);
  expect(failure.remedy).toBe(control.findings[0]!.advice);
  expect(control.findings).toMatchObject([{ kind: 'divergence', step: 7, epoch: 0.7 }]);
});
