/** Whether recordings of a recipe can be scaled by themselves. */
import { describeModality } from '../../contract/data/modality.ts';
import type { Dataset } from '../../contract/entities.ts';
import { finetuneDatasetOf, type Recipe } from '../../contract/recipe/recipe.ts';
import type { Problem } from './field-check.ts';
import { togetherOf } from './form.ts';

/** Only datasets that the project has are judged. */
export function checkScale({ data }: Recipe, datasets: readonly Dataset[]): Problem[] {
  if (data.scale !== 'recording') return [];
  const path = ['data', 'scale'];
  if (togetherOf(data))
    return [
      {
        path,
        message:
          'Datasets that are put together (`data.together`, `data.alsoFinetune`) are scaled each by itself. Leave `data.scale` out, or import the recordings with a preparation that scales over each (`scale` over recording or channel).',
      },
    ];
  const used = new Set([...data.pretrain, finetuneDatasetOf({ data })]);
  const other = datasets.find(({ name, modality }) => used.has(name) && modality !== 'signal');
  return other
    ? [
        {
          path,
          message: `\`data.scale: recording\` is for recordings, and “${other.name}” holds ${describeModality(other.modality).sources}. Leave it out.`,
        },
      ]
    : [];
}
