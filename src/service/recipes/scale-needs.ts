/** Whether recordings of a recipe can be scaled by themselves. */
import { describeModality } from '../../contract/data/modality.ts';
import type { Dataset } from '../../contract/entities.ts';
import { finetuneDatasetOf, type Recipe } from '../../contract/recipe/recipe.ts';
import type { Problem } from './field-check.ts';
import { togetherOf } from './form.ts';

/**
 * Only datasets that the project has are judged.
 *
 * @param asked what the recipe itself says, which a checkpoint that it begins with may know better
 */
export function checkScale(
  { data }: Recipe,
  datasets: readonly Dataset[],
  asked: Recipe['data']['scale'] = data.scale,
): Problem[] {
  const path = ['data', 'scale'];
  const { scale = 'dataset' } = data;
  if (asked !== undefined && asked !== scale)
    return [
      {
        path,
        message: `The checkpoint was pretrained with \`data.scale: ${scale}\`, and its encoder must go on seeing samples so. Found: ${asked}. Leave it out, or pretrain anew.`,
      },
    ];
  if (scale !== 'recording') return [];
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
