import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  answersWishSchema,
  sampleAnswersSchema,
  type SampleAnswers,
} from '../../../../src/contract/results/sample-answers.ts';
import { changeLabels, hideDataset, type WritableProject } from '../../../../src/project/index.ts';
import { keepFacts } from '../../../../src/service/datasets/facts.ts';
import { sampleAnswers } from '../../../../src/service/results/sample-answers.ts';
import { studyResult } from '../../../../src/service/results/study.ts';
import { addAnsweredStudy } from '../../../fixtures/answers.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

const failing = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;

/** Test samples 2 to 5: two cats, two dogs, of the subjects a and b. */
async function answered() {
  const project = temporaryProject();
  const samples = [0, 1, 2, 3, 4, 5].map((index) =>
    sample(index, {
      split: index < 1 ? 0 : index < 2 ? 1 : 2,
      classId: index < 4 ? 0 : 1,
      group: index < 2 ? `only ${index}` : index % 2 === 0 ? 'a' : 'b',
    }),
  );
  const { id } = addDataset(project, 'small', samples);
  const common = { samples: [2, 3, 4, 5], targets: [0, 0, 1, 1], groups: [0, 1, 0, 1] };
  const study = await addAnsweredStudy(project, [
    {
      ...common,
      arm: 'pretrained',
      seed: 1,
      said: [
        [0.9, 0.1],
        [0.2, 0.8],
        [0.4, 0.6],
        [0.75, 0.25],
      ],
    },
    {
      ...common,
      arm: 'pretrained',
      seed: 2,
      said: [
        [0.4, 0.6],
        [0.1, 0.9],
        [0.4, 0.6],
        [0.3, 0.7],
      ],
    },
    {
      ...common,
      arm: 'baseline',
      seed: 1,
      said: [
        [0.1, 0.9],
        [0.1, 0.9],
        [0.1, 0.9],
        [0.1, 0.9],
      ],
    },
  ]);
  const ask = async (wish: object, of: WritableProject = project) =>
    sampleAnswersSchema.parse(
      await sampleAnswers(
        of,
        answersWishSchema.parse({ studyId: study, arm: 'pretrained', budget: 'all', ...wish }),
      ),
    );
  return { project, id, study, ask };
}

const brief = ({ answers }: Awaited<ReturnType<Awaited<ReturnType<typeof answered>>['ask']>>) =>
  answers.map(({ index, truth, answer, seeds }) => [index, truth, answer, seeds]);

describe('the samples behind a number', () => {
  it('are those of the dataset that is asked for, by its own head', async () => {
    const { project } = await answered();
    addDataset(project, 'far', [
      sample(0, { split: 2, classId: 0, group: 'c' }),
      sample(1, { split: 2, classId: 1, group: 'c' }),
    ]);
    const far = { dataset: 'far', classNames: ['fist', 'rest'], samples: [0, 1], targets: [0, 1] };
    const near = { samples: [2, 3, 4, 5], targets: [0, 0, 1, 1], groups: [0, 1, 0, 1] };
    const study = await addAnsweredStudy(project, [
      { ...near, arm: 'pretrained', seed: 1, said: near.targets.map(() => [0.8, 0.2]) },
      { ...far, groups: [0, 0], arm: 'pretrained', seed: 1, said: far.samples.map(() => [0.4, 0.6]) },
    ]);
    const ask = (wish: object) =>
      sampleAnswers(
        project,
        answersWishSchema.parse({ studyId: study, arm: 'pretrained', budget: 'all', ...wish }),
      );
    const of = ({ tested, answers }: SampleAnswers) => [tested, answers.map((one) => [one.index, one.truth])];
    expect(of(await ask({}))).toEqual([
      4,
      [
        [4, 'dog'],
        [5, 'dog'],
      ],
    ]);
    expect(of(await ask({ dataset: 'small' }))).toEqual(of(await ask({})));
    const found = await ask({ dataset: 'far', truth: 'fist', group: 'c' });
    expect(of(found)).toEqual([2, [[0, 'fist']]]);
    expect(found.answers[0]!.sample?.group).toBe('c');
    await expect(ask({ dataset: 'neither' })).rejects.toEqual(failing('answers.no-dataset'));
  });

  it('come worst first, with their loss, for one seed', async () => {
    const { ask } = await answered();
    const found = await ask({ seed: 1 });
    expect(found).toMatchObject({ total: 2, tested: 4, target: 'classes', seeds: [1, 2] });
    expect(brief(found)).toEqual([
      [3, 'cat', 'dog', [1]],
      [5, 'dog', 'cat', [1]],
    ]);
    expect(found.answers[0]?.loss).toBeCloseTo(-Math.log(0.2), 6);
    expect(found.answers[0]?.probability).toBeCloseTo(0.8, 6);
    expect(found.answers[0]?.lossIsBound).toBeUndefined();
    expect(found.answers[0]?.sample).toMatchObject({
      source: '3.png',
      label: 'cat',
      group: 'b',
      split: 'test',
    });
  });

  it('come for all seeds together, by their mean loss', async () => {
    const { ask } = await answered();
    const found = await ask({});
    expect(brief(found)).toEqual([
      [3, 'cat', 'dog', [1, 2]],
      [5, 'dog', 'cat', [1]],
      [2, 'cat', 'dog', [2]],
    ]);
    expect(found.answers[0]?.loss).toBeCloseTo((-Math.log(0.2) - Math.log(0.1)) / 2, 6);
  });

  it('are those of a cell, of a class, of a group, and page by page', async () => {
    const { ask } = await answered();
    expect(brief(await ask({ truth: 'cat', answer: 'cat', outcome: 'all' }))).toEqual([
      [2, 'cat', 'cat', [1]],
    ]);
    expect(brief(await ask({ truth: 'dog', outcome: 'right' }))).toEqual([
      [4, 'dog', 'dog', [1, 2]],
      [5, 'dog', 'dog', [2]],
    ]);
    expect(brief(await ask({ answer: 'cat' }))).toEqual([[5, 'dog', 'cat', [1]]]);
    const ofGroup = await ask({ group: 'b', outcome: 'all', seed: 2 });
    expect(ofGroup).toMatchObject({ total: 2, tested: 2 });
    const pages = [0, 1, 2, 3].map((offset) => ask({ seed: 1, outcome: 'all', offset, limit: 1 }));
    const indices = (await Promise.all(pages)).map(({ answers }) => answers[0]!.index);
    expect(indices).toEqual([3, 5, 4, 2]);
  });

  it('are refused of classes and groups that there are not', async () => {
    const { ask } = await answered();
    await expect(ask({ truth: 'cta' })).rejects.toEqual(failing('answers.no-class'));
    await expect(ask({ answer: 'cta', outcome: 'all' })).rejects.toEqual(failing('answers.no-class'));
    await expect(ask({ group: 'zz' })).rejects.toEqual(failing('answers.no-group'));
  });

  it('of numbers come by their error', async () => {
    const project = temporaryProject();
    const samples = [0, 1, 2].map((index) => sample(index, { split: 2, classId: -1, number: index }));
    addDataset(project, 'small', samples, { target: 'number', classes: [] });
    const given = { arm: 'baseline' as const, samples: [0, 1, 2], targets: [0, 1, 2] };
    const studyId = await addAnsweredStudy(
      project,
      [
        { ...given, seed: 1, said: [[0.5], [1.25], [0]] },
        { ...given, seed: 2, said: [[0.5], [0.75], [3]] },
      ],
      { classNames: [], metric: 'rmse' },
    );
    const wish = answersWishSchema.parse({ studyId, arm: 'baseline', budget: 'all' });
    expect((await sampleAnswers(project, wish)).answers).toMatchObject([
      { index: 2, truth: '2', answer: '1.5', loss: 1.5, probability: null },
      { index: 0, truth: '0', answer: '0.5', loss: 0.5 },
      { index: 1, truth: '1', answer: '1', loss: 0.25 },
    ]);
  });

  it('stay those of the study when labels change; what they are now stands beside', async () => {
    const { project, id, study, ask } = await answered();
    keepFacts(project, study);
    const before = studyResult(project, study);
    await changeLabels(
      project,
      id,
      [
        { position: 3, label: 'dog' },
        { position: 2, leftOut: true },
      ],
      {
        madeBy: 'hand',
        tests: true,
      },
    );
    const found = await ask({ seed: 1 });
    expect(found.answers[0]).toMatchObject({
      index: 3,
      truth: 'cat',
      sample: { label: 'dog', importedLabel: 'cat' },
    });
    expect(studyResult(project, study)).toEqual(before);
  });

  it('are told without the dataset where that is gone, and refused where answers are gone', async () => {
    const { project, id, study, ask } = await answered();
    keepFacts(project, study);
    hideDataset(project, id);
    const found = await ask({ seed: 1 });
    expect(found).toMatchObject({ datasetId: null, answers: [{ index: 3, sample: null }, { index: 5 }] });
    await expect(ask({ arm: 'frozen' })).rejects.toEqual(failing('answers.none'));
    await expect(ask({ seed: 9 })).rejects.toEqual(failing('answers.none'));
    rmSync(join(project.folder, 'answers'), { recursive: true });
    await expect(ask({ seed: 2 })).rejects.toEqual(failing('answers.missing'));
  });
});
