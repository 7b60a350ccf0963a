import { describe, expect, it } from 'vitest';
import type { SeenParts } from '../../../../../src/contract/data/splits/seen-parts.ts';
import type { Progress } from '../../../../../src/contract/entities.ts';
import { findDataset, listRunsOf, hideDataset, saveSeenParts } from '../../../../../src/project/index.ts';
import {
  amountsNow,
  amountsThen,
  stepsDone,
  stepsOfSeeds,
} from '../../../../../src/service/elsewhere/times/amounts.ts';
import { sample } from '../../../../fixtures/projects.ts';
import { addImages, waitingStudy } from '../../../../fixtures/waiting-studies.ts';

const part = (samples: number) => ({ samples, groups: 0, sha256: '' });
const seen = (datasetId: string, train: number, leftOut: number): SeenParts => ({
  dataset: 'small',
  datasetId,
  by: null,
  parts: { train: part(train), validation: part(4), test: part(5), 'left-out': part(leftOut) },
  parted: 0,
});

describe('the amounts of data', () => {
  it('are those of the dataset that has the name now', () => {
    const { project, study } = waitingStudy();
    const [{ run }] = listRunsOf(project, study.id) as [ReturnType<typeof listRunsOf>[number]];
    const first = findDataset(project, 'small')!.dataset;
    expect(amountsNow(project)(run)).toEqual([{ id: first.id, labels: 0, samples: 60 }]);
    hideDataset(project, first.id);
    expect(amountsNow(project)(run)).toEqual([null]);
    const places = Array.from({ length: 90 }, (_, at) => at);
    const { id } = addImages(
      project,
      'small',
      places.map((at) => sample(at, { split: at % 3 })),
      places,
    );
    expect(id).not.toBe(first.id);
    expect(amountsNow(project)(run)).toEqual([{ id, labels: 0, samples: 90 }]);
  });

  it('are those that a run began with, without what was left out', () => {
    const { project, study } = waitingStudy();
    const [{ run }] = listRunsOf(project, study.id) as [ReturnType<typeof listRunsOf>[number]];
    expect(amountsThen(project, run)).toBeNull();
    saveSeenParts(project, run.id, [seen('an-id', 40, 11)]);
    expect(amountsThen(project, run)).toEqual([{ id: 'an-id', labels: 0, samples: 49 }]);
    expect(amountsThen(project, { ...run, datasets: ['small', 'another'] })).toBeNull();
  });
});

describe('the steps that were done', () => {
  const at = (steps: number, count: number) => ({ steps, seed: { index: count - 1, count } }) as Progress;
  const row = (seed: number, ...steps: number[]) => ({
    row: { seed, curve: steps.map((step) => ({ step, train: 1, validation: 1, loss: 1 })) },
  });

  it('are those to the last look of each seed, over all heads', () => {
    // 100 steps a seed were planned: one stopped behind 40, one went to its end, one has no validation data.
    expect(stepsOfSeeds([row(0, 20, 40), row(1, 50, 100), { row: { seed: 2 } }], at(300, 3))).toBe(240);
    expect(stepsOfSeeds([row(0, 20), row(0, 20, 60)], at(100, 1))).toBe(60);
  });

  it('are not known where a seed has no result, nor before anything was done', () => {
    expect(stepsOfSeeds([row(0, 20)], at(200, 2))).toBeNull();
    const { project, study } = waitingStudy();
    const runs = listRunsOf(project, study.id).map(({ run }) => run);
    expect(stepsDone(project, runs[0]!)).toBeNull();
    expect(stepsDone(project, { ...runs[0]!, progress: { steps: 7 } as Progress })).toBe(7);
    expect(stepsDone(project, { ...runs[2]!, progress: at(10, 1) })).toBeNull();
  });
});
