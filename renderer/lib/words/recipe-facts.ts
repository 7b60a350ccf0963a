/** What a recipe will do, in lines that can be read before it is run. */
import { downstreamOf, type Recipe } from '../../../src/contract/recipe/recipe.ts';
import { ARM_TITLES, budgetWords, formatCounted } from './format.ts';

export interface Fact {
  title: string;
  text: string;
}

export function recipeFacts(recipe: Recipe, taskTitle: (id: string) => string): Fact[] {
  const { name, description, data, encoder, pretext, tournament, fromCheckpoint, finetune } = recipe;
  const imports = Object.entries(data.import).map(([as, { path }]) => `${as} from ${path}`);
  const epochs =
    pretext?.epochs === undefined ? 'epochs as proposed' : formatCounted(pretext.epochs, 'epoch');
  const batches = pretext?.batchSize === undefined ? 'as proposed' : `of ${pretext.batchSize}`;
  return [
    { title: 'Study', text: description ? `${name}: ${description}` : name },
    { title: 'Data', text: imports.length > 0 ? imports.join('; ') : 'datasets of this project' },
    { title: 'Pretraining on', text: data.pretrain.join(' + ') },
    { title: 'Encoder', text: encoder.family },
    ...(tournament ? [{ title: 'Task', text: 'chosen by a tournament' }] : []),
    ...(pretext && !tournament
      ? [{ title: 'Task', text: `${taskTitle(pretext.task)}, ${epochs}, batches ${batches}` }]
      : []),
    ...(fromCheckpoint ? [{ title: 'Starts from', text: `checkpoint ${fromCheckpoint}` }] : []),
    ...(finetune
      ? [
          { title: 'Fine-tuning on', text: fineTunedOn(data, finetune.heads) },
          { title: 'Labels', text: finetune.budgets.map(budgetWords).join(', ') },
          { title: 'Compared', text: finetune.arms.map((arm) => ARM_TITLES[arm]).join(', ') },
          { title: 'Seeds', text: String(finetune.seeds) },
        ]
      : []),
  ];
}

/** With a model each, or with a head each on one encoder. */
function fineTunedOn(data: Recipe['data'], heads: 'each' | 'together' | undefined): string {
  const names = downstreamOf({ data });
  if (names.length === 1) return names[0]!;
  return `${names.join(' + ')}, ${heads === 'together' ? 'one encoder with a head for each' : 'a model for each'}`;
}
