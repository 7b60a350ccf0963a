import { expect, it } from 'vitest';
import type { Question } from '../../../../src/contract/messages/questions.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { estimateMemory } from '../../../../src/service/trainers/memory.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

const need = {
  stage: 'finetune' as const,
  stepBytes: 1e15,
  fixedBytes: 0,
  stateBytes: 0,
  batchSize: 16,
  accumulation: 1,
  accumulates: false,
};
async function asked(more: object, samples = 40) {
  const project = temporaryProject();
  addDataset(
    project,
    'small',
    Array.from({ length: samples }, (_, i) => sample(i, { split: i % 4 === 3 ? 2 : 0 })),
  );
  const questions: Question<'estimate'>[] = [];
  const ask = async (_kind: string, question: Question<'estimate'>) => (questions.push(question), [need]);
  const recipe = recipeSchema.parse({ name: 'A', data: { pretrain: ['small'] }, ...more });
  const estimates = await estimateMemory(project, { ask } as never, recipe);
  return { question: questions[0], estimates };
}

it('asks for both stages, with as many samples and labels as the runs will see', async () => {
  const { question, estimates } = await asked({
    pretext: { task: 'simclr' },
    finetune: { budgets: [{ perClass: 3 }, { perClass: 5 }] },
  });
  expect(question).toMatchObject({
    inputShape: [16, 16, 1],
    pretext: { samples: 30, config: { task: 'simclr' } },
    finetune: { labels: 10, names: 2, target: 'classes' },
  });
  expect(estimates).toMatchObject([{ stage: 'finetune', verdict: 'too-little' }]);
});

it('asks with the batches of all datasets whose heads are trained together', async () => {
  const project = temporaryProject();
  for (const [name, count] of [
    ['small', 40],
    ['large', 80],
  ] as const)
    addDataset(
      project,
      name,
      Array.from({ length: count }, (_, i) => sample(i, { split: i % 4 === 3 ? 2 : 0 })),
    );
  const ask = async (heads: 'each' | 'together', arms: string[]) => {
    const questions: Question<'estimate'>[] = [];
    const recipe = recipeSchema.parse({
      name: 'A',
      data: { pretrain: ['small', 'large'], finetune: 'small', alsoFinetune: ['large'] },
      finetune: { heads, arms, budgets: [{ share: 0.5 }] },
    });
    const told = async (_kind: string, question: Question<'estimate'>) => (questions.push(question), [need]);
    await estimateMemory(project, { ask: told } as never, recipe);
    return questions[0]!.finetune!;
  };
  expect(await ask('together', ['baseline'])).toMatchObject({
    labels: 15,
    others: [{ name: 'large', labels: 30, names: 2, target: 'classes' }],
  });
  expect((await ask('each', ['baseline'])).others).toBeUndefined();
  expect((await ask('together', ['frozen'])).others).toBeUndefined();
});

it('counts held-out samples where pretraining sees them', async () => {
  const { question } = await asked({ data: { pretrain: ['small'], includeHeldOut: true }, pretext: {} });
  expect(question!.pretext!.samples).toBe(40);
  expect(question!.finetune).toBeNull();
});

it('asks nothing where data are missing, or nothing is trained', async () => {
  expect(await asked({ data: { pretrain: ['other'] }, pretext: {} })).toEqual({
    question: undefined,
    estimates: [],
  });
  expect((await asked({ pretext: {}, fromCheckpoint: 'x' })).question).toBeUndefined();
});
