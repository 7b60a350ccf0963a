import { describe, expect, it } from 'vitest';
import { resultText } from '../../../../src/cli/words/result-table.ts';
import { recipeSchema, type Recipe, type RecipeInput } from '../../../../src/contract/recipe/recipe.ts';
import { LEFT_OUT_CODE } from '../../../../src/contract/data/splits/split.ts';
import {
  findCopiesBetween,
  findDataset,
  leaveCopiesOut,
  listRunsOf,
  readPairsBetween,
  saveCopies,
  saveCopiesBetween,
  type WritableProject,
} from '../../../../src/project/index.ts';
import { cautionsOf } from '../../../../src/service/results/fairness.ts';
import { readOnce } from '../../../../src/service/elsewhere/run-data-once.ts';
import { prepareJob } from '../../../../src/service/runs/jobs.ts';
import { studyResult } from '../../../../src/service/results/study.ts';
import { startStudy } from '../../../../src/service/studies/start.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

const pair = (heldOut: number, training: number, exact = false) => ({
  heldOut,
  training,
  exact,
  likeness: exact ? 1 : 0.995,
});

/** A dataset with labels, of which two held-out samples stand in another as well. */
async function twoDatasets(many = [0, 0, 0, 0, 0, 2]): Promise<WritableProject> {
  const project = temporaryProject();
  const splits = [0, 0, 0, 0, 1, 1, 2, 2, 2, ...Array<number>(12).fill(0)];
  addDataset(
    project,
    'labeled',
    splits.map((split, at) => sample(at, { split })),
  );
  addDataset(
    project,
    'many',
    many.map((split, at) => sample(at, { split })),
  );
  const [heldOut, seen] = [findDataset(project, 'labeled')!, findDataset(project, 'many')!];
  await saveCopies(project, heldOut.dataset.id, [], 1);
  await saveCopiesBetween(project, heldOut, seen, [pair(4, 0), pair(7, 1, true), pair(7, 2)], 0.5);
  return project;
}

const recipe = (data: Partial<RecipeInput['data']> = {}): Recipe =>
  recipeSchema.parse({
    name: 'A',
    data: { pretrain: ['many', 'labeled'], finetune: 'labeled', ...data },
    pretext: { batchSize: 8 },
    finetune: { budgets: ['all'] },
  });

/** Split codes of the dataset `many` as the trainer would get them. */
async function splitsSeen(project: WritableProject, of: Recipe): Promise<number[]> {
  const { study } = startStudy(project, of);
  const [pretext] = listRunsOf(project, study.id);
  const { job } = await prepareJob(project, pretext!);
  if (job.kind !== 'pretext') throw new Error('The first run is pretraining.');
  return [...job.datasets.find(({ name }) => name === 'many')!.splits];
}

describe('copies of held-out samples in another dataset', () => {
  it('are counted by what they are copies of', async () => {
    const project = await twoDatasets();
    expect(findCopiesBetween(project, 'labeled', 'many')).toMatchObject({
      dataset: 'many',
      comparable: true,
      heldOut: 2,
      test: 1,
      exact: 1,
      seen: 3,
    });
    expect(findCopiesBetween(project, 'many', 'labeled')).toBeNull();
    const ids = ['labeled', 'many'].map((name) => findDataset(project, name)!.dataset.id) as [string, string];
    const { total, pairs } = readPairsBetween(project, ...ids, { offset: 0, limit: 1 });
    expect(total).toBe(3);
    expect(pairs).toMatchObject([
      { heldOut: { index: 7, split: 'test' }, training: { index: 1 }, exact: true },
    ]);
  });

  it('are left out of pretraining, and only of it', async () => {
    const project = await twoDatasets();
    expect(await splitsSeen(project, recipe())).toEqual([
      LEFT_OUT_CODE,
      LEFT_OUT_CODE,
      LEFT_OUT_CODE,
      0,
      0,
      2,
    ]);
    expect(findDataset(project, 'many')!.dataset.split.train).toBe(5);
  });

  it('stay where the recipe keeps them, and where pretraining may see held-out samples anyway', async () => {
    const whole = [0, 0, 0, 0, 0, 2];
    expect(await splitsSeen(await twoDatasets(), recipe({ copiesOfHeldOut: 'keep' }))).toEqual(whole);
    expect(await splitsSeen(await twoDatasets(), recipe({ includeHeldOut: true }))).toEqual(whole);
  });

  it('stay in runs that an earlier version planned, which said nothing of them', async () => {
    const project = await twoDatasets();
    const { study } = startStudy(project, recipe());
    const [pretext] = listRunsOf(project, study.id);
    const { copiesOfHeldOut, ...data } = pretext!.config['data'] as Recipe['data'];
    expect(copiesOfHeldOut).toBe('leave-out');
    const { job } = await prepareJob(project, { ...pretext!, config: { ...pretext!.config, data } });
    expect(job.kind === 'pretext' && [...job.datasets[0]!.splits]).toEqual([0, 0, 0, 0, 0, 2]);
  });

  it('of any dataset whose head is trained are no label of any arm: equal seeds draw equal labels in all', async () => {
    const project = await twoDatasets([0, 0, 0, 0, 0, 2, 2, 1, 1]);
    await saveCopies(project, findDataset(project, 'many')!.dataset.id, [], 1);
    const arms = ['pretrained', 'pretrained-own', 'frozen', 'linear-probe', 'baseline'];
    const heads = {
      data: { pretrain: ['many', 'labeled'], finetune: 'many', alsoFinetune: ['labeled'] },
      pretext: { batchSize: 8 },
    };
    const labels = async (finetune: object) => {
      const of = recipeSchema.parse({
        name: 'A',
        ...heads,
        finetune: { budgets: ['all'], arms, ...finetune },
      });
      const runs = listRunsOf(project, startStudy(project, of).study.id);
      const own = runs.filter(({ run }) => run.kind === 'finetune' && run.datasets[0] === 'many');
      const read = readOnce();
      return Promise.all(
        own.map(async (stored) => {
          const { contents } = await read(project, stored);
          return [stored.run.arm, [...contents[0]!.splits].flatMap((code, at) => (code === 0 ? [at] : []))];
        }),
      );
    };
    expect(await labels({ heads: 'together' })).toEqual(arms.map((arm) => [arm, [3, 4]]));
    // A head that is trained alone answers for no other dataset.
    expect(await labels({})).toEqual(arms.map((arm) => [arm, [0, 1, 2, 3, 4]]));
  });

  it('do not make another study of a recipe that does not name them', async () => {
    const project = await twoDatasets();
    const { study } = startStudy(project, recipe());
    expect(startStudy(project, recipe()).study.id).toBe(study.id);
    expect(startStudy(project, recipe({ copiesOfHeldOut: 'leave-out' })).study.id).toBe(study.id);
    expect(startStudy(project, recipe({ copiesOfHeldOut: 'keep' })).study.id).not.toBe(study.id);
  });

  it('are told on the result: as a caution where they were seen, as a fact where they were left out', async () => {
    const project = await twoDatasets();
    const { study } = startStudy(project, recipe());
    const left = studyResult(project, study.id);
    expect(left.leftOutOfPretraining).toEqual([{ dataset: 'many', samples: 3, heldOut: 2 }]);
    expect(left.cautions).toBeUndefined();
    const kept = studyResult(project, startStudy(project, recipe({ copiesOfHeldOut: 'keep' })).study.id);
    expect(kept.leftOutOfPretraining).toBeUndefined();
    expect(kept.cautions?.map(({ code }) => code)).toEqual(['copies-between-datasets']);
    expect(kept.cautions?.[0]?.message).toMatch(
      /^1 of 3 test and 1 of 2 validation samples of labeled have a copy, or nearly so, in many/,
    );
    expect(resultText('A', left)).not.toContain('Caution');
  });

  it('are no matter where the other dataset is not pretrained on, or holds them in training no more', async () => {
    const project = await twoDatasets();
    const keep = { copiesOfHeldOut: 'keep' as const };
    expect(cautionsOf(project, recipe({ ...keep, pretrain: ['labeled'] }), null)).toEqual([]);
    const { id } = findDataset(project, 'many')!.dataset;
    await saveCopies(project, id, [pair(5, 0), pair(5, 1), pair(5, 2)], 1);
    await leaveCopiesOut(project, id, true);
    expect(cautionsOf(project, recipe(keep), null)).toEqual([]);
  });
});
