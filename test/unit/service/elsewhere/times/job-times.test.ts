import { describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../../../src/contract/recipe/recipe.ts';
import {
  findDataset,
  listNeeds,
  listRunsOf,
  hideDataset,
  saveResult,
  saveSeenParts,
  updateRun,
  type StoredRun,
  type WritableProject,
} from '../../../../../src/project/index.ts';
import { timeJobs } from '../../../../../src/service/elsewhere/times/job-times.ts';
import type { Timed } from '../../../../../src/service/elsewhere/times/step-timer.ts';
import type { PreparedJob } from '../../../../../src/service/runs/jobs.ts';
import { startStudy } from '../../../../../src/service/studies/start.ts';
import { sample } from '../../../../fixtures/projects.ts';
import { rowsOfCells } from '../../../../fixtures/reports.ts';
import { addImages, waitingStudy } from '../../../../fixtures/waiting-studies.ts';
import { workplaceOf } from '../../../../fixtures/workplaces.ts';

const study = waitingStudy;
/** 12 ms a step × 400,000 steps: 4,800 s, twice that is 160 minutes. */
const STEPS: Timed = { stepMilliseconds: 12, steps: 400_000, secondsBefore: 0 };

/** What was measured, by the arm or task of the run. */
function timing({ project }: ReturnType<typeof study>, measure: () => Timed | null = () => STEPS) {
  const asked: string[] = [];
  const time = (runs: readonly StoredRun[], threads = 2) =>
    timeJobs(workplaceOf(project), runs, {
      threads,
      prepare: (stored) => {
        const { run } = stored;
        const job = { kind: run.kind, arm: run.arm, finetune: {}, model: {}, checkpoint: null };
        const prepared = { job } as unknown as PreparedJob;
        return Promise.resolve({ prepared, isAwaiting: listNeeds(project, run.id).length > 0 });
      },
      measure: (prepared) => {
        asked.push(prepared.job.kind === 'finetune' ? prepared.job.arm : 'pretext');
        return Promise.resolve(measure());
      },
    });
  return { asked, time };
}

interface Ended {
  threads?: number;
  stopped?: number;
  isCounted?: boolean;
  toFirst?: number;
}

/** It took an hour, for 500 steps if it did not stop early. */
function end(
  project: WritableProject,
  { run }: StoredRun,
  { threads = 2, stopped = 500, isCounted = true, toFirst }: Ended,
) {
  const { id, split } = findDataset(project, 'small')!.dataset;
  const part = (samples: number) => ({ samples, groups: 0, sha256: '' });
  const parts = {
    train: part(split.train),
    validation: part(split.validation),
    test: part(split.test),
    'left-out': part(0),
  };
  if (isCounted)
    saveSeenParts(project, run.id, [{ dataset: 'small', datasetId: id, by: null, parts, parted: 0 }]);
  if (run.kind === 'finetune')
    saveResult(project, run.id, {
      ...rowsOfCells[0]!,
      dataset: 'small',
      seed: 0,
      curve: [{ step: stopped, train: 1, validation: 1, loss: 1 }],
    });
  updateRun(project, run.id, {
    status: 'done',
    seconds: 3600,
    environment: {
      threads,
      deviceName: 'AMD EPYC',
      device: 'cpu',
      ...(toFirst && { secondsToFirstStep: toFirst }),
    },
    progress: {
      step: 500,
      steps: 500,
      epoch: 1,
      epochs: 1,
      ...(run.kind === 'finetune' && { seed: { index: 0, count: 1 } }),
      loss: 1,
      learningRate: 1,
      samplesPerSecond: null,
      secondsLeft: null,
      phase: '',
    },
  });
}

/** The same once more, of three epochs. */
function again(project: WritableProject) {
  const { study: of } = startStudy(
    project,
    recipeSchema.parse({
      name: 'Again',
      data: { pretrain: ['small'] },
      pretext: { task: 'simclr', batchSize: 8, epochs: 3 },
      finetune: { budgets: [{ perClass: 2 }], arms: ['pretrained', 'baseline'], seeds: 1 },
    }),
  );
  return { runs: listRunsOf(project, of.id), ...timing({ project, study: of }) };
}

describe('the times of jobs', () => {
  it('come from the first steps of one of those that are alike, from random weights where none are there', async () => {
    const { project, study: of } = study();
    const runs = listRunsOf(project, of.id);
    const { asked, time } = timing({ project, study: of });
    const timeOf = await time(runs);
    // Pretrained and baseline take as long: one of them is measured.
    expect(asked).toEqual(['pretext', 'baseline']);
    expect(runs.map((run) => timeOf(run)?.minutes)).toEqual([160, 160, 160]);
    expect(timeOf(runs[0]!)).toMatchObject({
      stepMilliseconds: 12,
      steps: 400_000,
      measured: 'first-steps',
      run: 'simclr-1',
      threads: 2,
    });
  });

  it('are measured once for each kind of run, however many there are, on the most labels and seeds', async () => {
    const { project } = study();
    const { study: many } = startStudy(
      project,
      recipeSchema.parse({
        name: 'Many',
        data: { pretrain: ['small'] },
        pretext: { task: 'simclr', batchSize: 8, epochs: 1, seeds: 5 },
        finetune: {
          budgets: [{ perClass: 2 }, { perClass: 8 }, { perClass: 4 }],
          arms: ['pretrained', 'baseline', 'knn-probe'],
          seeds: 10,
        },
      }),
    );
    const runs = listRunsOf(project, many.id);
    const { asked, time } = timing({ project, study: many });
    const timeOf = await time(runs);
    expect(runs.length).toBeGreaterThan(30);
    // Baselines have all seeds, what begins with one of five pretrainings a fifth of them. Of a probe of weights that
    // are not there yet nothing is measured.
    expect(asked).toEqual(['pretext', 'baseline']);
    const byArm = new Map(runs.map((run) => [run.run.arm ?? 'pretext', timeOf(run)?.steps ?? null]));
    expect(Object.fromEntries(byArm)).toEqual({
      pretext: 400_000,
      pretrained: 80_000,
      baseline: 400_000,
      'knn-probe': null,
    });
  });

  it('come from a run that was done before, with as many threads if there is one', async () => {
    const { project, study: of } = study();
    const done = listRunsOf(project, of.id);
    end(project, done[0]!, { threads: 2 });
    end(project, done[2]!, { threads: 4 });
    const { runs, asked, time } = again(project);
    const timeOf = await time(runs);
    expect(asked).toEqual([]);
    // Three epochs where one took an hour: six hours, doubled.
    expect(timeOf(runs[0]!)).toEqual({
      minutes: 360,
      stepMilliseconds: 7200,
      steps: 1500,
      secondsBefore: 0,
      measured: 'whole-run',
      run: 'simclr-1',
      processor: 'AMD EPYC',
      threads: 2,
    });
    // With half of the threads, 2 ** 0.8 times as long.
    expect(timeOf(runs[2]!)).toMatchObject({ minutes: Math.ceil(120 * 2 ** 0.8), threads: 4 });
  });

  it('come from no run on another dataset that had the name, nor from one whose data nobody counted', async () => {
    const { project, study: of } = study();
    for (const one of listRunsOf(project, of.id)) end(project, one, {});
    hideDataset(project, findDataset(project, 'small')!.dataset.id);
    const places = Array.from({ length: 6000 }, (_, at) => at);
    addImages(
      project,
      'small',
      places.map((at) => sample(at, { split: at % 5 === 4 ? 2 : at % 5 === 3 ? 1 : 0 })),
      [0],
    );
    const anew = again(project);
    await anew.time(anew.runs);
    expect(anew.asked).toEqual(['pretext', 'baseline']);

    const uncounted = study();
    for (const one of listRunsOf(uncounted.project, uncounted.study.id))
      end(uncounted.project, one, { isCounted: false });
    const later = again(uncounted.project);
    await later.time(later.runs);
    expect(later.asked).toEqual(['pretext', 'baseline']);
  });

  it('count the start of a run once, however many steps another has', async () => {
    const { project, study: of } = study();
    for (const one of listRunsOf(project, of.id)) end(project, one, { toFirst: 3101 });
    const { runs, time } = again(project);
    // 499 steps in 499 s behind the first; 1,500 of them and the start are 4,601 s, doubled.
    expect((await time(runs))(runs[0]!)).toMatchObject({
      minutes: 154,
      stepMilliseconds: 1000,
      steps: 1500,
      secondsBefore: 3101,
    });
  });

  it('reckon with the steps that a run did which stopped early, if it did half of them', async () => {
    for (const { stopped, asked: expected, minutes } of [
      // An hour for 250 of 500 steps: all of them take two hours, doubled.
      { stopped: 250, asked: [], minutes: 240 },
      { stopped: 249, asked: ['baseline'], minutes: 160 },
    ]) {
      const { project, study: of } = study();
      const done = listRunsOf(project, of.id);
      end(project, done[0]!, {});
      end(project, done[2]!, { stopped });
      const { runs, asked, time } = again(project);
      const timeOf = await time(runs);
      expect(asked).toEqual(expected);
      expect(timeOf(runs[2]!)!.minutes).toBe(minutes);
    }
  });

  it('are not known where nothing could be measured', async () => {
    const { project, study: of } = study();
    const runs = listRunsOf(project, of.id);
    const failing = timing({ project, study: of }, () => {
      throw new Error('no trainer');
    });
    expect((await failing.time(runs))(runs[0]!)).toBeNull();
    const silent = timing({ project, study: of }, () => null);
    expect((await silent.time(runs))(runs[2]!)).toBeNull();
  });
});
