import { describe, expect, it } from 'vitest';
import type { FromTrainer } from '../../../../src/contract/messages/trainer.ts';
import { getRun, listCheckpoints, readMetrics, updateRun } from '../../../../src/project/index.ts';
import type { PreparedJob } from '../../../../src/service/runs/jobs.ts';
import { createRecorder, recordStart, type RunWord } from '../../../../src/service/runs/record.ts';
import { addRun, addStudy, temporaryProject } from '../../../fixtures/projects.ts';
import { workplaceOf } from '../../../fixtures/workplaces.ts';

function recording() {
  const project = temporaryProject();
  const { id } = addRun(project, addStudy(project));
  const workplace = workplaceOf(project);
  const recorder = createRecorder(workplace, id, () => 12);
  const losses = () => readMetrics(project, id).map(({ step, values }) => [step, values.loss]);
  return { project, id, workplace, recorder, losses, run: () => getRun(project, id) };
}
const point = (step: number, loss = step): RunWord => ({
  type: 'metrics',
  point: { step, epoch: 0, values: { loss } },
});
const checkpoint = (step: number): RunWord => ({
  type: 'checkpoint',
  checkpoint: {
    kind: 'last',
    step,
    epoch: 0,
    bytes: 10,
    sha256: '0'.repeat(64),
    score: null,
    file: `run-last-${step}.safetensors`,
  },
});
const progress = {
  step: 3,
  steps: 9,
  epoch: 0,
  epochs: 1,
  loss: 1,
  learningRate: 1,
  samplesPerSecond: 5,
  secondsLeft: 1,
  phase: 'Training',
};

describe('what a trainer says', () => {
  it('is told at once, and points of curves are written together', () => {
    const { recorder, losses, workplace } = recording();
    recorder.hear(point(1));
    recorder.hear(point(2));
    expect(losses()).toEqual([]);
    expect(workplace.published.map(({ type }) => type)).toEqual(['metrics', 'metrics']);
    recorder.flush();
    expect(losses()).toEqual([
      [1, 1],
      [2, 2],
    ]);
    recorder.flush();
    expect(losses()).toHaveLength(2);
  });

  it('goes into the project in its order: no checkpoint without the points before it', () => {
    const { project, id, recorder, losses, run } = recording();
    updateRun(project, id, { restarts: 2 });
    recorder.hear(point(5));
    recorder.hear(checkpoint(5));
    expect(losses()).toEqual([[5, 5]]);
    expect(listCheckpoints(project, id).map(({ step }) => step)).toEqual([5]);
    // It got further: earlier deaths of its trainer do not count any more.
    expect(run().restarts).toBe(0);
  });

  it('keeps the latest progress with the time the run has taken', () => {
    const { recorder, run } = recording();
    recorder.hear({ type: 'progress', progress });
    recorder.hear({ type: 'progress', progress: { ...progress, step: 4 } });
    recorder.flush();
    expect(run().run).toMatchObject({ progress: { step: 4 }, seconds: 12 });
  });

  it('adds to what is known of the machine', () => {
    const { recorder, run } = recording();
    recorder.hear({ type: 'environment', environment: { threads: 2 } } as FromTrainer as RunWord);
    recorder.hear({ type: 'environment', environment: { secondsToFirstStep: 3 } } as FromTrainer as RunWord);
    expect(run().run.environment).toEqual({ threads: 2, secondsToFirstStep: 3 });
  });
});

describe('the beginning of an attempt', () => {
  const prepared = (step: number | null) =>
    ({
      job: {
        kind: 'pretext',
        inputShape: [16, 16, 1],
        datasets: [],
        pretext: {},
        encoder: {},
        modality: 'image',
      },
      selectionHash: 'hash',
      datasetIds: ['one'],
      checkpointId: null,
      resumePoint: step === null ? null : { step },
      seen: [],
      harmonisation: { small: [] },
    }) as unknown as PreparedJob;

  it('takes back what an earlier attempt said of steps beyond the checkpoint', () => {
    const { project, recorder, losses, run } = recording();
    for (const step of [1, 2, 3, 4]) recorder.hear(point(step));
    recorder.flush();
    recordStart(project, run(), prepared(2));
    expect(losses().map(([step]) => step)).toEqual([1, 2]);
    recordStart(project, run(), prepared(null));
    expect(losses()).toEqual([]);
  });

  it('notes the data that the run saw', () => {
    const { project, run } = recording();
    recordStart(project, run(), prepared(null));
    expect(run()).toMatchObject({
      selectionHash: 'hash',
      config: { inputShape: [16, 16, 1], harmonisation: { small: [] } },
    });
  });
});
