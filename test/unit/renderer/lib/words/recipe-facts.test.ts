import { expect, test } from 'vitest';
import { recipeSchema } from '../../../../../src/contract/recipe/recipe.ts';
import { recipeFacts } from '../../../../../renderer/lib/words/recipe-facts.ts';

test('a recipe says what it will do before it does it', () => {
  const recipe = recipeSchema.parse({
    name: 'Cells',
    data: { import: { cells: { path: '/data/cells' } }, pretrain: ['cells'] },
    pretext: { task: 'simclr', epochs: 1, batchSize: 64 },
    finetune: { budgets: [{ perClass: 10 }, 'all'], arms: ['pretrained', 'baseline'], seeds: 3 },
  });
  expect(recipeFacts(recipe, () => 'SimCLR').map(({ title, text }) => `${title}: ${text}`)).toEqual([
    'Study: Cells',
    'Data: cells from /data/cells',
    'Pretraining on: cells',
    'Encoder: residual',
    'Task: SimCLR, 1 epoch, batches of 64',
    'Fine-tuning on: cells',
    'Labels: 10 labels per class, all labels',
    'Compared: Pretrained, Baseline',
    'Seeds: 3',
  ]);
});
