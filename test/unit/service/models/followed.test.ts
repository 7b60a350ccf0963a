import { describe, expect, it } from 'vitest';
import type { Arm, LabelBudget } from '../../../../src/contract/recipe/recipe.ts';
import type { MetricName } from '../../../../src/contract/results/metric.ts';
import {
  listResultsOfRun,
  saveResult,
  updateRun,
  type WritableProject,
} from '../../../../src/project/index.ts';
import { followedOf, groupNamed } from '../../../../src/service/models/followed.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

interface Found {
  arm: Arm;
  labels: number;
  validation: number[];
  metric?: MetricName;
  status?: 'done' | 'failed';
}

function add(
  project: WritableProject,
  studyId: string,
  { arm, labels, validation, metric = 'accuracy', status = 'done' }: Found,
) {
  const budget: LabelBudget = { total: labels };
  const run = addRun(project, studyId, { kind: 'finetune', title: arm, task: null, arm, budget });
  updateRun(project, run.id, { status });
  validation.forEach((score, at) =>
    saveResult(project, run.id, {
      arm,
      dataset: 'small',
      labels,
      labelsPerClass: null,
      seed: at + 1,
      metric,
      test: score - 0.1,
      validation: score,
      train: 1,
    }),
  );
  return run;
}

function study(...found: Found[]) {
  const project = temporaryProject();
  addDataset(
    project,
    'small',
    Array.from({ length: 12 }, (_, index) => sample(index, { split: index % 3 })),
  );
  const studyId = addStudy(project);
  const runs = found.map((one) => add(project, studyId, one));
  return { project, studyId, runs };
}
const refused = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    const { code, message } = (error as { failure: { code: string; message: string } }).failure;
    return [code, message];
  }
  throw new Error('nothing was thrown');
};

describe('what a study’s name means', () => {
  it('is the best trained arm by validation scores, at the most labels', () => {
    const { project, studyId } = study(
      { arm: 'pretrained', labels: 4, validation: [0.99] },
      { arm: 'pretrained', labels: 40, validation: [0.7, 0.9] },
      { arm: 'baseline', labels: 40, validation: [0.7, 0.8] },
      // No network that answers.
      { arm: 'knn-probe', labels: 40, validation: [0.95] },
    );
    const { runs, rows, metric } = groupNamed(project, studyId);
    expect([runs.map(({ arm }) => arm), rows.length, metric]).toEqual([['pretrained'], 2, 'accuracy']);
    expect(groupNamed(project, 'A study').runs[0].id).toBe(runs[0].id);
  });

  it('takes the smaller error for the better', () => {
    const { project, studyId } = study(
      { arm: 'pretrained', labels: 4, validation: [3], metric: 'rmse' },
      { arm: 'baseline', labels: 4, validation: [2], metric: 'rmse' },
    );
    expect(groupNamed(project, studyId).runs[0].arm).toBe('baseline');
  });

  it('is nothing while no trained arm is done', () => {
    const { project, studyId } = study(
      { arm: 'baseline', labels: 4, validation: [0.9], status: 'failed' },
      { arm: 'linear-probe', labels: 4, validation: [0.9] },
    );
    expect(refused(() => groupNamed(project, studyId))).toEqual([
      'make.nothing-found',
      'The study has no finished fine-tuning run whose settings a model could follow.',
    ]);
  });

  it('is asked where two studies have it, or none', () => {
    const { project, studyId } = study();
    const other = addStudy(project);
    expect(refused(() => groupNamed(project, 'A study'))).toEqual([
      'study.ambiguous',
      '2 studies of this project have the name “A study”.',
    ]);
    expect([studyId, other].map((id) => refused(() => groupNamed(project, id))[0])).toEqual([
      'make.nothing-found',
      'make.nothing-found',
    ]);
    expect(refused(() => groupNamed(project, 'another'))).toEqual([
      'make.missing',
      'There is neither a run nor a study “another” in this project.',
    ]);
  });
});

describe('what a run’s name means', () => {
  it('is all runs of its arm and budget, the best first', () => {
    const { project, runs } = study(
      { arm: 'pretrained', labels: 4, validation: [0.6] },
      { arm: 'pretrained', labels: 4, validation: [0.9, 0.8] },
      { arm: 'pretrained', labels: 40, validation: [1] },
    );
    const found = groupNamed(project, runs[0]!.name);
    expect(found.runs.map(({ name }) => name)).toEqual([runs[1]!.name, runs[0]!.name]);
    expect(found.rows.map(({ validation }) => validation)).toEqual([0.9, 0.8, 0.6]);
  });

  it('cannot be followed where it measures no network, or is not done', () => {
    const { project, runs, studyId } = study(
      { arm: 'knn-probe', labels: 4, validation: [1] },
      { arm: 'baseline', labels: 4, validation: [1], status: 'failed' },
    );
    const pretext = addRun(project, studyId);
    for (const { name } of [runs[0]!, pretext])
      expect(refused(() => groupNamed(project, name))).toEqual([
        'make.no-network',
        `“${name}” measures no network that answers: a model is made of a pretrained, a frozen or a baseline run.`,
      ]);
    expect(refused(() => groupNamed(project, runs[1]!.name))).toEqual([
      'make.not-measured',
      `The run ${runs[1]!.name} is failed: what it finds is not known yet.`,
    ]);
  });
});

it('tells means over seeds, on how many samples they were measured', () => {
  const { project, studyId, runs } = study(
    { arm: 'baseline', labels: 4, validation: [0.6, 0.8] },
    { arm: 'baseline', labels: 4, validation: [0.7] },
  );
  const group = groupNamed(project, studyId);
  const followed = followedOf(project, group, group);
  expect(followed).toMatchObject({
    runs: expect.arrayContaining(runs.map(({ name }) => name)) as unknown,
    seeds: 3,
    labels: 4,
    metric: 'accuracy',
    validation: { samples: 4 },
    test: { samples: 4 },
  });
  expect(followed.validation.score).toBeCloseTo(0.7, 12);
  expect(followed.test.score).toBeCloseTo(0.6, 12);
});

it('means a run on another dataset among those of that dataset', () => {
  const { project, studyId, runs } = study({ arm: 'baseline', labels: 4, validation: [0.9] });
  const run = addRun(project, studyId, {
    kind: 'finetune',
    title: 'baseline',
    task: null,
    arm: 'baseline',
    budget: { total: 4 },
    datasets: ['large'],
  });
  updateRun(project, run.id, { status: 'done' });
  const [row] = listResultsOfRun(project, runs[0]!.id);
  saveResult(project, run.id, { ...row!.row, dataset: 'large', validation: 0.5 });
  expect(groupNamed(project, run.id)).toMatchObject({
    dataset: 'large',
    runs: [{ id: run.id }],
    rows: [{ validation: 0.5 }],
    others: [],
  });
  expect(groupNamed(project, studyId).dataset).toBe('small');
});
