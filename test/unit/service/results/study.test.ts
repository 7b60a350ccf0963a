import { describe, expect, it } from 'vitest';
import {
  finishedSeeds,
  saveAnswers,
  updateRun,
  saveResult,
  setStudyStatus,
} from '../../../../src/project/index.ts';
import { answerOf } from '../../../../src/contract/results/answer.ts';
import { rowsOf } from '../../../../src/contract/results/rows.ts';
import { budgetTitle } from '../../../../src/contract/words.ts';
import { resultText } from '../../../../src/cli/words/result-table.ts';
import type { MetricName } from '../../../../src/contract/results/metric.ts';
import type { Arm } from '../../../../src/contract/recipe/recipe.ts';
import { studyResultSchema } from '../../../../src/contract/results/result.ts';
import { measuredOn, studyResult } from '../../../../src/service/results/study.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';
import { finetuneConfig } from '../../../fixtures/run-configs.ts';

function studyWith(scores: Partial<Record<Arm, number[]>>, metric: MetricName = 'accuracy') {
  const project = temporaryProject();
  const study = addStudy(project);
  for (const [arm, tests] of Object.entries(scores) as [Arm, number[]][]) {
    const run = addRun(project, study, { kind: 'finetune', title: arm, arm, budget: { perClass: 5 } });
    updateRun(project, run.id, { seconds: 10, status: 'done' });
    tests.forEach((test, index) =>
      saveResult(project, run.id, {
        arm,
        dataset: 'small',
        labels: 10,
        labelsPerClass: 5,
        seed: index + 1,
        metric,
        test,
        validation: test,
        train: 1,
      }),
    );
  }
  setStudyStatus(project, study, 'done');
  return { project, study };
}
const split = [sample(0, { split: 0, group: 'a' }), sample(1, { split: 2, group: 'b' })];

describe('the result of a study', () => {
  it('pairs the seeds that both arms have', () => {
    const { project, study } = studyWith({
      pretrained: [0.8, 0.7, 0.9],
      baseline: [0.6, 0.6],
      'knn-probe': [0.5],
    });
    addDataset(project, 'small', split);
    const result = studyResult(project, study);
    const [row] = result.summary;
    expect(row?.difference?.of).toEqual(['pretrained', 'baseline']);
    // Differences 0.2 and 0.1: mean 0.15, standard error 0.05, t(0.975, 1) = 12.7062.
    expect(row?.difference?.mean).toBeCloseTo(0.15, 12);
    expect(row?.difference?.high).toBeCloseTo(0.15 + 12.7062047 * 0.05, 5);
    expect(row?.arms['knn-probe']).toEqual({ mean: 0.5, sd: 0, n: 1, interval: null, overfitGap: 0.5 });
    expect(result.seconds).toBe(30);
    expect(result.split).toEqual({ by: 'folder', train: 1, validation: 0, test: 1, disjoint: true });
  });

  it('tells each dataset of a run that trained heads for several, with the seeds of each', () => {
    const project = temporaryProject();
    const study = addStudy(project);
    const row = {
      labels: 10,
      labelsPerClass: 5,
      seed: 1,
      metric: 'accuracy' as const,
      validation: 1,
      train: 1,
    };
    for (const [arm, gain] of [
      ['pretrained', 0.2],
      ['baseline', 0],
    ] as const) {
      const run = addRun(project, study, {
        kind: 'finetune',
        title: arm,
        arm,
        budget: { perClass: 5 },
        datasets: ['small', 'large'],
      });
      updateRun(project, run.id, { status: 'done' });
      saveResult(project, run.id, { ...row, arm, dataset: 'small', test: 0.5 + gain });
      saveResult(project, run.id, { ...row, arm, dataset: 'large', test: 0.6 + 2 * gain }, 1);
      expect(finishedSeeds(project, run.id)).toEqual([1]);
    }
    setStudyStatus(project, study, 'done');
    addDataset(project, 'small', split);
    const { summary, results } = studyResult(project, study);
    expect(summary.map(({ dataset, arms }) => [dataset, arms.pretrained!.mean, arms.baseline!.mean])).toEqual(
      [
        ['small', 0.7, 0.5],
        ['large', 1, 0.6],
      ],
    );
    expect(results.map(({ dataset, arm }) => `${arm} ${dataset}`)).toEqual([
      'pretrained small',
      'pretrained large',
      'baseline small',
      'baseline large',
    ]);
    for (const [name, head] of [
      ['small', 0],
      ['large', 1],
    ] as const)
      expect(measuredOn(project, study, name).map((one) => [one.dataset, one.head, one.rows.length])).toEqual(
        [
          [name, head, 1],
          [name, head, 1],
        ],
      );
  });

  it('says of labels of whole groups how many groups they are of, and about how many labels', () => {
    const project = temporaryProject();
    const study = addStudy(project);
    for (const arm of ['pretrained', 'baseline'] as const) {
      const run = addRun(project, study, { kind: 'finetune', title: arm, arm, budget: { groups: 3 } });
      updateRun(project, run.id, { seconds: 10, status: 'done' });
      for (const [index, labels] of [40, 61].entries())
        saveResult(project, run.id, {
          arm,
          dataset: 'small',
          labels,
          labelsPerClass: null,
          seed: index + 1,
          metric: 'accuracy',
          test: arm === 'baseline' ? 0.5 : 0.7 + index / 10,
          validation: 0.6,
          train: 1,
        });
    }
    setStudyStatus(project, study, 'done');
    addDataset(project, 'small', split);
    const result = studyResult(project, study);
    const [row] = result.summary;
    expect(row).toMatchObject({ budget: { groups: 3 }, labels: 51 });
    expect(rowsOf(result, row!)).toHaveLength(4);
    expect(resultText('A', result)).toContain('With all labels of 3 groups, about 51');
    expect(answerOf(row!).detail).toContain('at all labels of 3 groups');
    expect(budgetTitle(row!)).toBe('3 groups (about 51 labels)');
  });

  it('finds that a lower error helps: in the document, on the command line and in the window', () => {
    const { project, study } = studyWith({ pretrained: [9.9, 10.1], baseline: [12, 12.1] }, 'rmse');
    addDataset(project, 'small', split);
    const result = studyResult(project, study);
    const [row] = result.summary;
    expect(row?.difference?.mean).toBeCloseTo(2.05, 12);
    // The training error of every row is 1: the test error is 9 above it, which is overfitting.
    expect(row?.arms.pretrained?.overfitGap).toBeCloseTo(9, 12);
    const text = resultText('A', result);
    expect(text).toContain('baseline − pretrained, as a lower RMSE is better: +2.050');
    expect(text).toContain('pretraining helps');
    expect(text).toMatch(/pretrained +10\.000 .*\+9\.000/);
    expect(answerOf(row!)).toMatchObject({
      verdict: 'better',
      headline: 'Pretraining lowered the error by 2.050 RMSE',
    });
    expect(answerOf(row!).detail).toContain('the overfit gap shrank from 11.05 to 9.00');
  });

  it('gives no verdict where two seeds happen to agree', () => {
    const { project, study } = studyWith({ pretrained: [0.75, 0.625], baseline: [0.5, 0.375] });
    addDataset(project, 'small', split);
    const result = studyResult(project, study);
    expect(answerOf(result.summary[0]!).verdict).toBe('unknown');
    expect(resultText('A', result)).toContain('nobody can tell how sure that is');
  });

  it('is over pretrainings and test samples where several were trained and answers were kept', () => {
    const project = temporaryProject();
    addDataset(project, 'small', split);
    const study = addStudy(project);
    const add = (arm: Arm, seeds: number[], tests: number[], pretraining?: number) => {
      const config = finetuneConfig({ arm, budget: { perClass: 5 }, pretraining });
      const run = addRun(project, study, {
        kind: 'finetune',
        title: arm,
        arm,
        budget: { perClass: 5 },
        config,
      });
      seeds.forEach((seed, i) => {
        const scores = { metric: 'accuracy' as const, test: tests[i]!, validation: 1, train: 1 };
        saveResult(project, run.id, {
          arm,
          dataset: 'small',
          labels: 10,
          labelsPerClass: 5,
          seed,
          ...scores,
        });
        // Test samples move both arms alike, and the pretrained one a little more.
        const scale = arm === 'baseline' ? 1 : 1.1;
        const influences = Float64Array.of(0.1 * scale, -0.1 * scale);
        saveAnswers(project, run.id, { seed, file: `${run.id}-${seed}`, bytes: 1, sha256: '', influences });
      });
    };
    add('pretrained', [1, 3], [0.8, 0.82], 1);
    add('pretrained', [2, 4], [0.7, 0.72], 2);
    add('baseline', [1, 2, 3, 4], [0.6, 0.6, 0.6, 0.6]);
    const result = studyResultSchema.parse(studyResult(project, study));
    const [row] = result.summary;
    // Two pretrainings, 0.21 and 0.11: t(0.975, 1) = 12.7062; test samples: 2 · 2 · (0.01)², with the same t.
    const half = 12.7062047 * Math.hypot(0.05, 0.02);
    expect(row!.difference).toMatchObject({ seeds: 4, pretrainings: 2, testSamples: true });
    expect(row!.difference!.mean).toBeCloseTo(0.16, 12);
    expect(row!.difference!.high).toBeCloseTo(0.16 + half, 5);
    expect(result.results.map(({ pretraining }) => pretraining)).toEqual([
      1,
      1,
      2,
      2,
      ...new Array(4).fill(undefined),
    ]);
    expect(resultText('A', result)).toContain('over 2 pretrainings: no clear difference');
  });

  it('has no difference without both arms or with one seed', () => {
    const { project, study } = studyWith({ pretrained: [0.8], baseline: [0.6] });
    addDataset(project, 'small', split);
    expect(studyResult(project, study).summary[0]?.difference).toBeNull();
  });

  it('is refused when a group stands in two splits', () => {
    const { project, study } = studyWith({ baseline: [0.6] });
    addDataset(project, 'small', [sample(0, { split: 0, group: 'a' }), sample(1, { split: 2, group: 'a' })]);
    expect(() => studyResult(project, study)).toThrow(/more than one split/);
  });
});
