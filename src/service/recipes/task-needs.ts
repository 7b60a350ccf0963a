/** Whether the data of a recipe has what its pretext task needs: channels, and room for patches and tiles. */
import { PretextError } from '../../contract/errors.ts';
import type { Dataset } from '../../contract/entities.ts';
import { finetuneDatasetOf, type Recipe } from '../../contract/recipe/recipe.ts';
import { pretextOptions } from '../../learning/catalogue.ts';
import type { Problem } from './field-check.ts';
import { formIfKnown } from './together-needs.ts';

/** What only the data can tell; wrong names and values of options are found without it, and not told again. */
const aboutData = /^task\.(?!unknown)/;

export function checkNeeds(recipe: Recipe, datasets: readonly Dataset[]): Problem[] {
  const { pretext } = recipe;
  const dataset = datasets.find(({ name }) => name === finetuneDatasetOf(recipe));
  const form = formIfKnown(recipe, datasets);
  if (!pretext || !dataset || !form) return [];
  const { modality, sampleCount } = dataset;
  try {
    pretextOptions(pretext.task, pretext.options, {
      modality,
      inputShape: form.shape,
      sampleCount,
      about: form.about,
    });
    return [];
  } catch (error) {
    if (!(error instanceof PretextError)) throw error;
    const { code, message, place = 'pretext.task', remedy } = error.failure;
    if (!aboutData.test(code)) return [];
    return [{ path: place.split('.'), message: [message, remedy].filter(Boolean).join(' ') }];
  }
}
