import { describe, expect, it } from 'vitest';
import { groupScores } from '../../../../src/service/results/groups.ts';
import { addAnsweredStudy } from '../../../fixtures/answers.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

const right = [0.9, 0.1];
const wrong = [0.1, 0.9];

/** Ten test samples, all cats: 0 to 3 of Ann, 4 to 9 of Bo. */
function ten(groups = 2) {
  const project = temporaryProject();
  const samples = Array.from({ length: 10 }, (_, index) =>
    sample(index, { split: 2, classId: 0, group: index < 4 ? 'Ann' : 'Bo' }),
  );
  const { dataset } = { dataset: addDataset(project, 'small', samples) };
  project.connection
    .prepare("UPDATE datasets SET split = json_set(split, '$.groups', ?) WHERE id = ?")
    .run(groups, dataset.id);
  const all = Array.from({ length: 10 }, (_, index) => index);
  const common = { samples: all, targets: all.map(() => 0), groups: all.map((index) => (index < 4 ? 0 : 1)) };
  return { project, common, all };
}

describe('scores by group', () => {
  it('say for whom a model fails, the worst first, with intervals', async () => {
    const { project, common, all } = ten();
    const study = await addAnsweredStudy(project, [
      // Ann: 4 of 4. Bo: 3 of 6.
      { ...common, arm: 'pretrained', seed: 1, said: all.map((index) => (index < 7 ? right : wrong)) },
      // Ann: 2 of 4. Bo: 0 of 6.
      { ...common, arm: 'baseline', seed: 1, said: all.map((index) => (index < 2 ? right : wrong)) },
    ]);
    const [scores] = await groupScores(project, study);
    expect(scores).toMatchObject({ dataset: 'small', labels: 10, budget: 'all', metric: 'accuracy' });
    const [bo, ann] = scores!.groups;
    expect([bo?.group, bo?.samples, ann?.group, ann?.samples]).toEqual(['Bo', 6, 'Ann', 4]);
    expect(bo?.arms.pretrained?.mean).toBe(0.5);
    // t(0.975, 5) · sqrt(p (1 − p) / (n − 1)) = 2.570582 · sqrt(0.25 / 5) = 0.5748: beyond 0 and 1.
    expect(bo?.arms.pretrained?.interval).toEqual({ low: 0, high: 1 });
    // All of 4 right: the least share that makes that as likely as 0.025, 0.025^(1/4).
    expect(ann?.arms.pretrained?.interval?.low).toBeCloseTo(0.397635, 6);
    expect(ann?.arms.pretrained?.interval?.high).toBe(1);
    expect(bo?.arms.baseline?.interval?.high).toBeCloseTo(0.459258, 6);
    expect(bo?.difference).toMatchObject({ mean: 0.5, seeds: 1 });
    // Of the six paired differences three are 1: the same half width as above, cut at what a difference can be.
    expect(bo?.difference?.low).toBeCloseTo(0.5 - 0.5748, 5);
    expect(bo?.difference?.high).toBe(1);
  });

  it('are over seeds where there are several', async () => {
    const { project, common, all } = ten();
    const study = await addAnsweredStudy(
      project,
      [1, 2, 3].map((seed) => ({
        ...common,
        arm: 'pretrained' as const,
        seed,
        said: all.map((index) => (index < 4 + seed ? right : wrong)),
      })),
    );
    const [scores] = await groupScores(project, study);
    const [bo, ann] = scores!.groups;
    expect(bo?.arms.pretrained).toMatchObject({ n: 3 });
    expect(bo?.arms.pretrained?.mean).toBeCloseTo(1 / 3, 12);
    expect(bo?.difference).toBeNull();
    expect(ann?.arms.pretrained?.mean).toBe(1);
  });

  it('of numbers are errors, also where the study reports R²', async () => {
    const { project, common, all } = ten();
    const study = await addAnsweredStudy(
      project,
      [
        {
          ...common,
          targets: all,
          arm: 'baseline',
          seed: 1,
          said: all.map((index) => [index + (index < 4 ? 1 : 3)]),
        },
      ],
      { classNames: [], metric: 'r2' },
    );
    const [scores] = await groupScores(project, study);
    expect(scores?.metric).toBe('rmse');
    expect(scores?.groups.map(({ group, arms }) => [group, arms.baseline?.mean])).toEqual([
      ['Bo', 3],
      ['Ann', 1],
    ]);
  });

  it('count samples as much as they weigh, in scores and intervals', async () => {
    const { project, common, all } = ten();
    // Ann: 4 of 4, one of which counts three times. Bo: 3 of 6, which count 4 + 1 + 1 of 10.
    const weights = [3, 1, 1, 1, 4, 1, 1, 1, 1, 2];
    const said = all.map((index) => (index < 7 ? right : wrong));
    const study = await addAnsweredStudy(project, [
      { ...common, weights, said, arm: 'pretrained', seed: 1 },
      { ...common, weights, arm: 'baseline', seed: 1, said: all.map(() => wrong) },
    ]);
    const [scores] = await groupScores(project, study);
    const [bo, ann] = scores!.groups;
    expect([bo?.group, bo?.samples, ann?.samples]).toEqual(['Bo', 6, 4]);
    expect(bo?.arms.pretrained?.mean).toBeCloseTo(0.6, 12);
    // Of a weighted mean the variance is n / (n − 1) · Σ (w (x − mean))² / (Σ w)²: 6 / 5 · 5.04 / 100, and
    // t(0.975, 5) = 2.570582: a half width of 0.632175, cut at 0 and 1 for a share.
    expect(bo?.arms.pretrained?.interval).toEqual({ low: 0, high: 1 });
    expect(bo?.difference?.low).toBeCloseTo(0.6 - 0.632175, 5);
    // All right: as sure as so many samples of one weight are (Kish): 6² / 12 = 3, and 0.025^(1/3) = 0.292402.
    expect(ann?.arms.pretrained?.interval?.low).toBeCloseTo(0.292402, 5);
  });

  it('of weighted numbers are the root of the weighted mean square', async () => {
    const { project, common, all } = ten();
    const study = await addAnsweredStudy(
      project,
      [
        {
          ...common,
          targets: all,
          weights: [1, 1, 1, 5, 1, 1, 1, 1, 1, 1],
          arm: 'baseline',
          seed: 1,
          said: all.map((index) => [index + (index < 3 ? 0 : index === 3 ? 4 : 3)]),
        },
      ],
      { classNames: [], metric: 'r2' },
    );
    const [scores] = await groupScores(project, study);
    // sqrt(5 · 16 / 8) = 3.162278
    expect(scores?.groups.map(({ group }) => group)).toEqual(['Ann', 'Bo']);
    expect(scores?.groups[0]?.arms.baseline?.mean).toBeCloseTo(3.162278, 5);
    expect(scores?.groups[1]?.arms.baseline?.mean).toBeCloseTo(3, 12);
  });

  it('are told of every dataset that is tested, by the head that answered for it', async () => {
    const { project, common, all } = ten();
    // Cy: 4 of 4. Di: 1 of 2. Their classes are others than those of the first head.
    const far = [0, 1, 2, 3, 4, 5];
    const samples = far.map((index) =>
      sample(index, { split: 2, classId: 0, group: index < 4 ? 'Cy' : 'Di' }),
    );
    const { id } = addDataset(project, 'far', samples);
    project.connection
      .prepare("UPDATE datasets SET split = json_set(split, '$.groups', 2) WHERE id = ?")
      .run(id);
    const groups = far.map((index) => (index < 4 ? 0 : 1));
    const study = await addAnsweredStudy(project, [
      { ...common, arm: 'baseline', seed: 1, said: all.map((index) => (index < 4 ? wrong : right)) },
      {
        dataset: 'far',
        classNames: ['fist', 'palm', 'rest'],
        arm: 'baseline',
        seed: 1,
        samples: far,
        targets: far.map(() => 2),
        groups,
        said: far.map((index) => (index < 5 ? [0, 0.1, 0.9] : [0.9, 0.1, 0])),
      },
    ]);
    const found = await groupScores(project, study);
    expect(
      found.map(({ dataset, groups: own }) => [
        dataset,
        own.map(({ group, samples: count, arms }) => [group, count, arms.baseline?.mean]),
      ]),
    ).toEqual([
      [
        'small',
        [
          ['Ann', 4, 0],
          ['Bo', 6, 1],
        ],
      ],
      [
        'far',
        [
          ['Di', 2, 0.5],
          ['Cy', 4, 1],
        ],
      ],
    ]);
  });

  it('are none where there are no groups', async () => {
    const { project, common, all } = ten(0);
    const study = await addAnsweredStudy(project, [
      { ...common, arm: 'baseline', seed: 1, said: all.map(() => right) },
    ]);
    expect(await groupScores(project, study)).toEqual([]);
  });
});
