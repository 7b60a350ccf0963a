/** Whether datasets that are to be put together can be: asked before anything is trained. */
import type { Dataset } from '../../contract/entities.ts';
import { describeModality } from '../../contract/data/modality.ts';
import { PretextError, type Failure } from '../../contract/errors.ts';
import { pretrainingOfArm, SHARING_ARMS } from '../../contract/recipe/arms.ts';
import { downstreamOf, finetuneDatasetOf, type Recipe } from '../../contract/recipe/recipe.ts';
import { describeEncoders, findEncoder } from '../../learning/catalogue.ts';
import { told, type Problem } from './field-check.ts';
import { differingRate } from './rates.ts';
import { formAmong, formSources, togetherOf, type StudyForm } from './form.ts';

/** Scaling and pretraining say nothing of a single sample. */
const FEWEST_SAMPLES = 2;

/** The form of the study's samples; null where a dataset is not known yet, or they cannot be put together. */
export function formIfKnown(recipe: Recipe, datasets: readonly Dataset[]): StudyForm | null {
  const found = tried(recipe, datasets);
  return found && 'shape' in found ? found : null;
}

function tried({ data }: Recipe, datasets: readonly Dataset[]): StudyForm | Failure | null {
  const datasetOf = (name: string) => datasets.find((one) => one.name === name);
  const known = formSources(data).map(datasetOf);
  // Kinds that differ are told elsewhere.
  if (known.includes(undefined) || new Set(known.map((one) => one!.modality)).size > 1) return null;
  try {
    return formAmong(data, (name) => datasetOf(name)!);
  } catch (error) {
    if (!(error instanceof PretextError)) throw error;
    return error.failure;
  }
}

export function checkTogether(recipe: Recipe, datasets: readonly Dataset[]): Problem[] {
  const wishes = togetherOf(recipe.data);
  const sure = [...checkArms(recipe), ...checkTuning(recipe), ...checkHeads(recipe)];
  if (!wishes) return sure;
  return [
    ...sure,
    ...checkForm(recipe, datasets),
    ...checkSizes(recipe.data, datasets),
    ...checkEncoder(recipe, datasets),
    ...checkNamed(recipe, datasets),
  ];
}

function checkForm(recipe: Recipe, datasets: readonly Dataset[]): Problem[] {
  const found = tried(recipe, datasets);
  if (!found || 'shape' in found) return [];
  return [
    {
      path: found.place?.startsWith('data.') ? found.place.split('.') : ['data', 'together'],
      ...told(found.message, found.remedy),
    },
  ];
}

/** Arms that ask for a pretraining of their own: it must be one, and it must be another. */
function checkArms({ data, finetune, fromCheckpoint }: Recipe): Problem[] {
  const own = finetune?.arms.filter((arm) => pretrainingOfArm(arm) !== 'all') ?? [];
  const path = ['finetune', 'arms'];
  if (own.length === 0) return [];
  if (fromCheckpoint)
    return [
      {
        path,
        message: `${own.join(', ')} need pretrainings of their own: give \`pretext\` in place of \`fromCheckpoint\`.`,
      },
    ];
  const lonely = downstreamOf({ data }).find((name) => data.pretrain.every((one) => one === name));
  if (lonely !== undefined)
    return [
      {
        path,
        message: `${own.join(', ')} compare with what other datasets add, and “${lonely}” is pretrained on alone. Name others in \`data.pretrain\`.`,
      },
    ];
  return [];
}

function checkTuning({ data, finetune }: Recipe): Problem[] {
  if (!finetune?.tune || downstreamOf({ data }).length < 2) return [];
  return [
    {
      path: ['finetune', 'tune'],
      message: 'Settings are tuned for one dataset: leave `tune` or `data.alsoFinetune` out.',
    },
  ];
}

/** Heads that are trained together need datasets to be of, and an arm whose encoder moves. */
function checkHeads({ data, finetune }: Recipe): Problem[] {
  if (finetune?.heads !== 'together') return [];
  const path = ['finetune', 'heads'];
  if (downstreamOf({ data }).length < 2)
    return [
      {
        path,
        message:
          '`finetune.heads: together` trains heads of several datasets at once, and one dataset is fine-tuned. Name others in `data.alsoFinetune`, or leave `heads` out.',
      },
    ];
  if (finetune.arms.some((arm) => SHARING_ARMS.includes(arm))) return [];
  return [
    {
      path,
      message: `Heads are trained together where the encoder learns: none of ${finetune.arms.join(', ')} does. Compare ${SHARING_ARMS.join(' or ')}, or leave \`heads\` out.`,
    },
  ];
}

/** Sources with too few samples to be scaled by themselves. */
export function checkSizes(data: Recipe['data'], datasets: readonly Dataset[]): Problem[] {
  return data.pretrain.flatMap((name, index) => {
    const dataset = datasets.find((one) => one.name === name);
    const samples = dataset && (data.includeHeldOut ? dataset.sampleCount : dataset.split.train);
    if (samples === undefined || samples >= FEWEST_SAMPLES) return [];
    const message = `“${name}” has ${samples === 0 ? 'no training sample' : 'one training sample'}: a source needs at least ${FEWEST_SAMPLES}, as it is scaled by its own. Import more of it, split it so that more is for training, or leave it out.`;
    return [{ path: ['data', 'pretrain', index], message, advises: true }];
  });
}

/** Each source's own channels go only into an encoder that reads each by itself. */
function checkEncoder({ data, encoder }: Recipe, datasets: readonly Dataset[]): Problem[] {
  const { match, like } = togetherOf(data)!;
  const dataset = datasets.find(({ name }) => name === like);
  if (!dataset) return [];
  const path = ['data', 'together', 'match'];
  const { matches = ['common'], sample } = describeModality(dataset.modality);
  if (!matches.includes(match))
    return [
      {
        path,
        message: `\`data.together.match\` by \`${match}\` is not for ${sample}s. Choose one of: ${matches.join(', ')}.`,
      },
    ];
  if (match === 'any') {
    const known = describeEncoders().find(
      ({ id, modalities }) => id === encoder.family && modalities.includes(dataset.modality),
    );
    // A family that there is not is told elsewhere.
    if (!known || findEncoder(known.id, dataset.modality).can?.includes('any-channels')) return [];
    const message = `\`data.together.match\` is \`any\`, and ${known.title} does not read each channel by itself. Choose the encoder \`patch-transformer\`, or match channels by \`common\` or \`all\`.`;
    return [{ path, message }];
  }
  return [];
}

function checkNamed({ data }: Recipe, datasets: readonly Dataset[]): Problem[] {
  const known = [...datasets.map(({ name }) => name), ...Object.keys(data.import)];
  const { names, sources, like } = togetherOf(data)!;
  const told = [
    ...Object.keys(names).map((name) => [name, ['data', 'together', 'names', name]] as const),
    ...sources.map((name) => [name, ['data', 'together', 'sources']] as const),
    [like, ['data', 'together', 'like']] as const,
  ];
  if (datasets.length === 0) return [];
  return told
    .filter(([name]) => !known.includes(name))
    .map(([name, path]) => ({
      path: [...path],
      message: `There is no dataset “${name}”, neither in the project nor under \`data.import\`.`,
    }));
}

export function checkKinds(recipe: Recipe, datasets: readonly Dataset[]): Problem[] {
  const used = datasets.filter(({ name }) =>
    [...recipe.data.pretrain, ...downstreamOf(recipe)].includes(name),
  );
  const kinds = new Set(used.map(({ modality }) => modality));
  if (kinds.size < 2) return togetherOf(recipe.data) ? [] : checkRates(recipe, used);
  const list = used.map(({ name, modality }) => `${name}: ${modality}`).join(', ');
  return [
    { path: ['data', 'pretrain'], message: `All datasets of a study must be of one kind. Found: ${list}` },
  ];
}

/** Windows of different lengths are brought to one: that is right only where they last equally long. */
function checkRates(recipe: Recipe, used: readonly Dataset[]): Problem[] {
  const target = used.find(({ name }) => name === finetuneDatasetOf(recipe));
  if (!target || !describeModality(target.modality).lasts) return [];
  return used.flatMap((dataset) => {
    const message = differingRate(dataset, target);
    return message === null ? [] : [{ path: ['data', 'pretrain'], message, advises: true }];
  });
}
