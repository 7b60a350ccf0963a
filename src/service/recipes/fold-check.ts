/** Whether a dataset has the groups that folds and exclusions are of, as far as it says so of itself. */
import type { Dataset } from '../../contract/entities.ts';
import { foldsWords, OWN_GROUPS } from '../../contract/recipe/folds.ts';
import { finetuneDatasetOf, type Recipe } from '../../contract/recipe/recipe.ts';
import type { Path, Problem } from './field-check.ts';

/** What can be held out of a dataset: its own groups, and what they can be taken together by. */
export const levelsOf = ({ split }: Pick<Dataset, 'split'>): { name: string; groups: number }[] =>
  split.groups === 0 ? [] : [{ name: OWN_GROUPS, groups: split.groups }, ...(split.levels ?? [])];

/** Each counts for a run of everything, so there is a most. */
const MOST_FOLDS = 200;

export function checkFolds(recipe: Recipe, project: { datasets: readonly Dataset[] } | null): Problem[] {
  const { folds } = recipe.data;
  if (!folds) return [];
  const path = ['data', 'folds'];
  if (recipe.tournament)
    return [
      {
        path,
        message:
          'A tournament chooses by data that folds would test. Run it first, without `data.folds`, and give its winner as `pretext`.',
      },
    ];
  if ((recipe.data.alsoFinetune ?? []).length > 0)
    return [
      {
        path,
        message:
          'Folds are of one dataset, and `data.alsoFinetune` tests further ones. Leave them out, or make a study for each.',
      },
    ];
  if (!recipe.finetune)
    return [{ path, message: '`data.folds` are for what is tested: add `finetune`, or leave them out.' }];
  const dataset = project?.datasets.find(({ name }) => name === finetuneDatasetOf(recipe));
  if (!dataset) return [];
  const unknown = unknownLevel(dataset, folds.by, [...path, 'by']);
  if (unknown) return [unknown];
  const { groups } = levelsOf(dataset).find(({ name }) => name === folds.by)!;
  if (folds.count === 'each' && groups > MOST_FOLDS)
    return [
      {
        path: [...path, 'count'],
        message: `“${foldsWords(folds)}” would be ${groups} folds, each with pretraining and training of its own. At most ${MOST_FOLDS} are allowed: deal the groups into parts (\`count: 5\`).`,
      },
    ];
  return [];
}

export function checkExclusions(recipe: Recipe, project: { datasets: readonly Dataset[] } | null): Problem[] {
  const used = [...recipe.data.pretrain, finetuneDatasetOf(recipe)];
  return (recipe.data.exclude ?? []).flatMap((exclusion, place): Problem[] => {
    const { dataset: name = finetuneDatasetOf(recipe), by } = exclusion;
    const path = ['data', 'exclude', place];
    if (!used.includes(name))
      return [
        {
          path: [...path, 'dataset'],
          message: `The study does not use a dataset “${name}” to leave any of.`,
        },
      ];
    const dataset = project?.datasets.find((one) => one.name === name);
    const unknown = dataset ? unknownLevel(dataset, by, [...path, 'by']) : null;
    return unknown ? [unknown] : [];
  });
}

function unknownLevel(dataset: Dataset, by: string, path: Path): Problem | null {
  const levels = levelsOf(dataset);
  if (levels.some(({ name }) => name === by)) return null;
  if (levels.length === 0)
    return {
      path,
      message: `The samples of “${dataset.name}” belong to no groups. Import it again and say what must not be parted (\`group\`).`,
      advises: true,
    };
  const found = levels.map(({ name, groups }) => `${name} (${groups})`).join(', ');
  return {
    path,
    message: `“${dataset.name}” cannot be taken by “${by}”: no whole groups have a value of it. There are: ${found}.`,
  };
}
