/** Whether the data of a recipe has what its pretext task needs: channels, and room for patches and tiles. */
import { PretextError } from '../../contract/errors.ts';
import type { PretextTaskDescription } from '../../contract/catalogue.ts';
import type { Dataset } from '../../contract/entities.ts';
import { finetuneDatasetOf, pretextSchema, type Recipe } from '../../contract/recipe/recipe.ts';
import { pretextOptions, requireShareable } from '../../learning/catalogue.ts';
import { told, type Problem } from './field-check.ts';
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
    return [{ path: place.split('.'), ...told(message, remedy) }];
  }
}

/** Several processes can only share what can be shared, in equal parts. */
export function checkShared(recipe: Recipe, datasets: readonly Dataset[]): Problem[] {
  const { pretext, device } = recipe;
  const { processes = 1 } = device;
  const dataset = datasets.find(({ name }) => name === finetuneDatasetOf(recipe));
  const form = formIfKnown(recipe, datasets);
  if (!pretext || processes === 1 || !dataset || !form) return [];
  const { modality, sampleCount } = dataset;
  try {
    const context = { modality, inputShape: form.shape, sampleCount, about: form.about };
    requireShareable(pretextSchema.parse(pretext), processes, context);
    return [];
  } catch (error) {
    if (!(error instanceof PretextError)) throw error;
    const { code, message, place = 'device.processes', remedy } = error.failure;
    // What is wrong with the options themselves is told elsewhere.
    if (!code.startsWith('processes.')) return [];
    return [{ path: place.split('.'), ...told(message, remedy) }];
  }
}

/** A task that compares samples of one recording, or of one subject, must know of all which these are. */
export function checkBelonging(
  { data }: Recipe,
  { title, asks }: PretextTaskDescription,
  project: { datasets: readonly Dataset[]; recorded?: ReadonlySet<string> } | null,
): Problem[] {
  return data.pretrain.flatMap((name, index): Problem[] => {
    const dataset = project?.datasets.find((one) => one.name === name);
    if (!dataset) return [];
    const path = ['data', 'pretrain', index];
    const { groups } = dataset.split;
    if (asks.includes('group') && groups === 0)
      return [
        {
          path,
          message: `“${title}” asks which samples are of the same subject, patient or site, and the dataset “${name}” has no groups. Import it again with \`group\`, or choose another pretext task.`,
          advises: true,
        },
      ];
    if (asks.includes('recording') && project?.recorded && !project.recorded.has(name))
      return [
        {
          path,
          message: `“${title}” looks at several windows of a recording, and the samples of “${name}” are not known to be windows of recordings. Choose another pretext task, or import recordings that are cut into windows.`,
          advises: true,
        },
      ];
    return [];
  });
}
