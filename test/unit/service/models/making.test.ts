import { describe, expect, it } from 'vitest';
import type { Arm } from '../../../../src/contract/recipe/recipe.ts';
import type { ResultRow } from '../../../../src/contract/results/result.ts';
import type { FinetuneRunConfig } from '../../../../src/contract/recipe/run-config.ts';
import {
  getRun,
  getStudy,
  listRunsOf,
  nextReadyRun,
  saveResult,
  setStudyStatus,
  updateRun,
  type WritableProject,
} from '../../../../src/project/index.ts';
import { makeModel } from '../../../../src/service/models/making.ts';
import { studyResult } from '../../../../src/service/results/study.ts';
import { endRun, refreshStudy } from '../../../../src/service/studies/transitions.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';
import { finetuneConfig } from '../../../fixtures/run-configs.ts';

const failsWith = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;

/** Two trained arms and a probe at 4 and at 40 labels; each seed was best at another moment. */
function found(datasets = ['small'], noted = datasets.length > 1) {
  const project = temporaryProject();
  const studyId = addStudy(project);
  const config = finetuneConfig() as FinetuneRunConfig;
  const finetune = { ...config.finetune, epochs: 10, minimumSteps: 0, batchSize: 4 };
  const arms: [Arm, number][] = [
    ['pretrained', 0.8],
    ['baseline', 0.7],
    ['knn-probe', 0.95],
  ];
  for (const labels of [4, 40])
    for (const [arm, score] of arms) {
      const budget = { total: labels };
      const run = addRun(project, studyId, {
        kind: 'finetune',
        title: arm,
        task: null,
        arm,
        budget,
        datasets,
        config: { ...config, arm, budget, finetune },
      });
      updateRun(project, run.id, { status: 'done' });
      for (const [index, share] of [0.2, 0.9, 0.4].entries()) {
        const steps = labels === 4 ? 10 : 100;
        for (const [head, dataset] of datasets.entries()) {
          const own = score - head / 4;
          const row: ResultRow = {
            arm,
            dataset,
            labels,
            labelsPerClass: null,
            seed: index + 1,
            metric: 'accuracy',
            test: own - 0.1 + index / 100,
            validation: own + index / 100,
            train: 1,
            curve: [0.1, share, 1].map((at) => ({
              step: at * steps,
              train: 1,
              validation: at === share ? own : 0.5,
              loss: 0,
            })),
            calibration: {
              before: { expectedCalibrationError: 0, logLoss: 0, bins: [] },
              temperature: [1, 2, 4][index]! * (1 + head),
              after: null,
            },
            ...(noted && { bestShare: share / 2 }),
          };
          saveResult(project, run.id, row, head);
        }
      }
    }
  const samples = Array.from({ length: 12 }, (_, index) => sample(index, { split: index % 3 }));
  for (const name of datasets) addDataset(project, name, samples);
  setStudyStatus(project, studyId, 'done');
  const runNamed = (name: string) => getRun(project, name).run;
  return { project, studyId, runNamed };
}

const configOf = (one: ReturnType<typeof getRun>) => one.config as FinetuneRunConfig;

describe('a final model', () => {
  it('of several heads follows all of them, as long as they were best together', () => {
    const { project } = found(['small', 'large']);
    const run = makeModel(project, { kind: 'final', of: 'A study', include: [] });
    expect(run.datasets).toEqual(['small', 'large']);
    expect(configOf(getRun(project, run.id)).making).toMatchObject({
      // Half of what the curve of the first alone would say.
      share: 0.2,
      temperature: expect.closeTo(2, 12) as number,
      followed: { validation: { score: expect.closeTo(0.81, 12) as number } },
      others: [
        {
          dataset: 'large',
          temperature: expect.closeTo(4, 12) as number,
          intervals: [],
          followed: {
            runs: ['pretrained-2'],
            seeds: 3,
            validation: { score: expect.closeTo(0.56, 12) as number, samples: 4 },
            test: { score: expect.closeTo(0.46, 12) as number, samples: 4 },
          },
        },
      ],
    });
  });

  it('of several heads is refused where nothing tells when they were best together, or one has lost its data', () => {
    const make = (project: WritableProject) => () =>
      makeModel(project, { kind: 'final', of: 'A study', include: [] });
    const { project } = found(['small', 'large'], false);
    expect(make(project)).toThrow(failsWith('make.no-curve'));
    const { project: without } = found(['small', 'large']);
    without.prepare("UPDATE datasets SET name = 'other' WHERE name = 'large'").run();
    expect(make(without)).toThrow(failsWith('make.data-gone'));
  });

  it('follows the best trained arm by validation scores at the largest budget, as long as its seeds did', () => {
    const { project, studyId } = found();
    const run = makeModel(project, { kind: 'final', of: 'A study', include: ['test'] });
    expect(run).toMatchObject({
      name: 'final-1',
      making: 'final',
      arm: 'pretrained',
      budget: 'all',
      studyId,
    });
    const { making, seeds, budget } = configOf(getRun(project, run.id));
    expect(seeds).toHaveLength(1);
    expect(budget).toBe('all');
    expect(making).toMatchObject({
      kind: 'final',
      splits: ['train', 'test'],
      // Best after 20, 90 and 40 % of the steps.
      share: 0.4,
      // The geometric mean of 1, 2 and 4.
      temperature: expect.closeTo(2, 12) as number,
      intervals: [],
      followed: {
        runs: ['pretrained-2'],
        seeds: 3,
        labels: 40,
        metric: 'accuracy',
        validation: { score: expect.closeTo(0.81, 12) as number, samples: 4 },
        test: { score: expect.closeTo(0.71, 12) as number, samples: 4 },
      },
    });
  });

  it('follows the run that is named, and the same wish means the run that is open', () => {
    const { project } = found();
    const wish = { kind: 'final' as const, of: 'baseline-1', include: [] };
    const run = makeModel(project, wish);
    expect(configOf(getRun(project, run.id)).making!.followed.runs).toEqual(['baseline-1']);
    updateRun(project, run.id, { status: 'paused' });
    const again = makeModel(project, wish);
    expect(again).toMatchObject({ id: run.id, status: 'queued' });
    const other = makeModel(project, { ...wish, include: ['validation'] });
    expect(other.id).not.toBe(run.id);
  });

  it('is carried out though its study has ended, and changes neither its state nor its result', () => {
    const { project, studyId } = found();
    const before = studyResult(project, studyId);
    setStudyStatus(project, studyId, 'cancelled');
    const run = makeModel(project, { kind: 'final', of: studyId, include: [] });
    expect(nextReadyRun(project)!.run.id).toBe(run.id);
    setStudyStatus(project, studyId, 'done');
    updateRun(project, run.id, { status: 'running' });
    refreshStudy(project, studyId);
    expect(getStudy(project, studyId).study.status).toBe('done');
    endRun(project, run.id, { status: 'failed' });
    expect(getStudy(project, studyId).study.status).toBe('done');
    expect(studyResult(project, studyId)).toEqual(before);
  });

  it('is refused of what trains no network, is not finished, or has lost its data', () => {
    const { project, runNamed } = found();
    const make = (of: string) => () => makeModel(project, { kind: 'final', of, include: [] });
    expect(make('knn-probe-1')).toThrow(failsWith('make.no-network'));
    expect(make('nobody')).toThrow(failsWith('make.missing'));
    updateRun(project, runNamed('baseline-1').id, { status: 'running' });
    expect(make('baseline-1')).toThrow(failsWith('make.not-measured'));
    project.prepare("UPDATE datasets SET name = 'other'").run();
    expect(make('baseline-2')).toThrow(failsWith('make.data-gone'));
  });
});

describe('an ensemble', () => {
  it('trains the seeds of the run again, each as it was', () => {
    const { project, studyId, runNamed } = found();
    const run = makeModel(project, { kind: 'ensemble', of: 'baseline-1', include: [] });
    const { budget } = runNamed('baseline-1');
    expect(run).toMatchObject({ name: 'ensemble-1', making: 'ensemble', arm: 'baseline', budget });
    expect(configOf(getRun(project, run.id)).seeds).toEqual([1, 2, 3]);
    expect(listRunsOf(project, studyId)).toHaveLength(7);
  });

  it('of several heads tells of each what its seeds scored alone', () => {
    const { project } = found(['small', 'large']);
    const run = makeModel(project, { kind: 'ensemble', of: 'baseline-2', include: [] });
    const { making, seeds } = configOf(getRun(project, run.id));
    expect(seeds).toEqual([1, 2, 3]);
    expect(making).toMatchObject({
      followed: { test: { score: expect.closeTo(0.61, 12) as number } },
      others: [{ dataset: 'large', followed: { test: { score: expect.closeTo(0.36, 12) as number } } }],
    });
  });

  it('of one seed is refused', () => {
    const { project, runNamed } = found();
    project.prepare('DELETE FROM results WHERE run_id = ? AND seed > 1').run(runNamed('baseline-1').id);
    expect(() => makeModel(project, { kind: 'ensemble', of: 'baseline-1', include: [] })).toThrow(
      failsWith('make.one-seed'),
    );
  });
});
