/** The form that all samples of a study are brought to, from what is known of its datasets. Pure. */
import type { Dataset } from '../../contract/entities.ts';
import type { HarmoniseStep } from '../../contract/data/harmonise-step.ts';
import { describeModality } from '../../contract/data/modality.ts';
import { descriptionOf, type SampleDescription } from '../../contract/data/sample-description.ts';
import { PretextError } from '../../contract/errors.ts';
import { downstreamOf, finetuneDatasetOf, type Recipe } from '../../contract/recipe/recipe.ts';
import { togetherSchema, type Together } from '../../contract/recipe/together.ts';
import { dataModality } from '../../data/catalogue.ts';

type Data = Recipe['data'];

export interface StudyForm {
  shape: number[];
  /** What encoders, views and tasks are told of the samples. */
  about: SampleDescription;
  /** By dataset, where they are put together in a way that a person chose; null: by their shapes. */
  steps: Record<string, HarmoniseStep[]> | null;
}

/** How the datasets of a study are put together, with all that a recipe leaves out; null: only such as are alike are. */
export function togetherOf(data: Data): (Required<Pick<Together, 'like' | 'sources'>> & Together) | null {
  const { together, alsoFinetune = [] } = data;
  if (!together && alsoFinetune.length === 0) return null;
  const wishes = together ?? togetherSchema.parse({});
  return {
    ...wishes,
    like: wishes.like ?? finetuneDatasetOf({ data }),
    sources: wishes.sources ?? [...new Set([...data.pretrain, ...downstreamOf({ data })])],
  };
}

/** Datasets whose description decides about the form. */
export const formSources = (data: Data): string[] => {
  const together = togetherOf(data);
  return together ? [...new Set([together.like, ...together.sources])] : [finetuneDatasetOf({ data })];
};

/**
 * @param datasetOf throws where there is none of that name
 * @throws PretextError `together.…` where the datasets cannot be put together as the recipe says
 */
export function formAmong(data: Data, datasetOf: (name: string) => Dataset): StudyForm {
  const wishes = togetherOf(data);
  const like = datasetOf(wishes?.like ?? finetuneDatasetOf({ data }));
  const { together } = dataModality(like.modality);
  const shape = describeModality(like.modality).commonShape(like.shape, data);
  const byShape = { shape, about: descriptionOf(like), steps: null };
  if (!wishes || !together) return byShape;
  const sources = wishes.sources.map((name) => (name === like.name ? like : datasetOf(name)));
  const asked = finetuneDatasetOf({ data });
  for (const name of [asked, ...data.pretrain])
    if (!wishes.sources.includes(name)) throw noSource(name, wishes);
  if (!sources.includes(like)) sources.unshift(like);
  return together({ sources, like, wishes, shape }) ?? byShape;
}

function noSource(name: string, { sources }: { sources: string[] }): PretextError {
  return new PretextError({
    code: 'together.no-source',
    message: `The common form was made of ${sources.join(', ')}; “${name}” is none of them, so nothing says how its samples come to it.`,
    place: 'data.together.sources',
    remedy: 'Name it among the sources, and pretrain anew.',
  });
}
