/**
 * A study's recipe as it can be carried to other projects: with the imports of its data, and with the pretraining in
 * place of the checkpoint that it started from, whose id means nothing elsewhere.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Checkpoint } from '../../contract/entities.ts';
import { recipeSchema, type Recipe, finetuneDatasetOf } from '../../contract/recipe/recipe.ts';
import { isPretextConfig } from '../../contract/recipe/run-config.ts';
import {
  findDataset,
  findRunOfCheckpoint,
  getStudy,
  listAllCheckpoints,
  listRunsOf,
  type ReadableProject,
  type StoredRun,
} from '../../project/index.ts';
import { commonOptions } from './common-options.ts';
import { datasetsOf } from './plan.ts';

export interface PortableRecipe {
  recipe: Recipe;
  /** What could not be made to hold elsewhere, each in a sentence. */
  cautions: string[];
}

/** @param studyId whose recipe it is; left out: of none that was planned */
export function portableRecipe(project: ReadableProject, recipe: Recipe, studyId?: string): PortableRecipe {
  const planned = studyId === undefined ? recipe : withOptionsOf(listRunsOf(project, studyId), recipe);
  const whole = withPretraining(project, planned);
  const named = [
    ...(whole.fromCheckpoint ? [['fromCheckpoint', whole.fromCheckpoint] as const] : []),
    ...(whole.pretext?.startFrom ? [['pretext.startFrom', whole.pretext.startFrom] as const] : []),
  ];
  const missing = datasetsOf(whole).filter((name) => !whole.data.import[name] && !findDataset(project, name));
  return {
    recipe: withImports(project, whole),
    cautions: [
      ...named.map(
        ([field, id]) =>
          `\`${field}\` is the checkpoint ${id}${writtenBy(project, id)}: only that project has it.`,
      ),
      ...missing.map((name) => `How “${name}” was imported is no longer known: the dataset is gone.`),
    ],
  };
}

/** With all options of task and encoder as they were written out when its runs were planned: another version may take others. */
function withOptionsOf(runs: readonly StoredRun[], recipe: Recipe): Recipe {
  const written = runs.map(({ config }) => config).filter(({ writtenOut }) => writtenOut);
  const pretexts = written.filter(isPretextConfig);
  const encoder = { ...recipe.encoder, ...optionsOf(written.map((config) => config.encoder)) };
  // Candidates of a tournament have their own, and the recipe names none of them alone.
  if (!recipe.pretext || recipe.tournament) return { ...recipe, encoder };
  const options = optionsOf(pretexts.map(({ pretext }) => pretext));
  return { ...recipe, encoder, pretext: { ...recipe.pretext, ...options } };
}

/** Those that all runs have alike: what suits the data of one pretraining need not suit those of another. */
const optionsOf = (written: readonly { options: unknown }[]) =>
  written.length > 0 && {
    options: commonOptions(written.map(({ options }) => options as Record<string, unknown>)),
  };

/** Datasets that the project holds are imported as they were here, so that the recipe says where they come from. */
function withImports(project: ReadableProject, recipe: Recipe): Recipe {
  const imports = datasetsOf(recipe).flatMap((name) => {
    const options = recipe.data.import[name] ?? findDataset(project, name)?.importOptions;
    return options ? [[name, options] as const] : [];
  });
  return { ...recipe, data: { ...recipe.data, import: Object.fromEntries(imports) } };
}

/** The pretraining that wrote the checkpoint, where the study that made it says all of it. */
function withPretraining(project: ReadableProject, recipe: Recipe): Recipe {
  const { fromCheckpoint, ...rest } = recipe;
  if (!fromCheckpoint || recipe.pretext) return recipe;
  const made = findRunOfCheckpoint(project, fromCheckpoint);
  const checkpoint = listAllCheckpoints(project).find(({ id }) => id === fromCheckpoint);
  if (!made || !checkpoint || !isPretextConfig(made.config)) return recipe;
  // Of several pretrainings of a study the one that wrote it: on its data, with its seed and its options.
  const origin = made.config;
  const { tournament } = getStudy(project, made.run.studyId).study.recipe;
  // That others competed, and what a fold left out, is told by no recipe of one pretraining.
  if (tournament || origin.fold || !excludesAlike(origin.data, rest.data)) return recipe;
  const { pretrain, includeHeldOut, copiesOfHeldOut, scale, color } = origin.data;
  const joined = recipeSchema.safeParse({
    ...rest,
    data: {
      ...rest.data,
      import: { ...origin.data.import, ...rest.data.import },
      pretrain,
      finetune: finetuneDatasetOf(rest),
      includeHeldOut,
      copiesOfHeldOut,
      scale: rest.data.scale ?? scale,
      color,
    },
    encoder: origin.encoder,
    pretext: { ...origin.pretext, ...transferred(checkpoint) },
  });
  return joined.success ? joined.data : recipe;
}

/** One recipe leaves the same groups out of all its parts. */
const excludesAlike = (...both: [Recipe['data'], Recipe['data']]): boolean => {
  const [one, other] = both.map((data) =>
    (data.exclude ?? []).map((exclusion) => ({ dataset: finetuneDatasetOf({ data }), ...exclusion })),
  );
  return isDeepStrictEqual(one, other);
};

/** Which of a run's checkpoints goes on: one that was written on the way, to resume from, is as good as the last. */
const transferred = ({ kind }: Checkpoint) => ({ checkpoint: kind === 'best' ? 'best' : 'last' });

function writtenBy(project: ReadableProject, checkpointId: string): string {
  const run = findRunOfCheckpoint(project, checkpointId)?.run;
  return run ? ` of ${run.name} in the study “${getStudy(project, run.studyId).study.name}”` : '';
}
