/** The part of a recipe that says which datasets are pretrained on and fine-tuned, and how they are put together. */
import { z } from 'zod';
import {
  asField,
  choiceField,
  integerField,
  listField,
  recordField,
  switchField,
  textField,
} from '../fields.ts';
import { importSchema } from '../data/import.ts';
import { divisionFields } from './folds.ts';
import { togetherField } from './together.ts';

export const datasetNameSchema = textField({
  help: 'Name of a dataset.',
  pattern: /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u,
  allowed: '1 to 64 letters, digits, spaces, dots, dashes or underscores',
});

export const recipeDataSchema = z.strictObject({
  import: recordField({
    help: 'Datasets to import first, unless the project has one of that name.',
    keys: datasetNameSchema,
    of: importSchema,
    default: {},
  }),
  pretrain: listField({
    help: 'Datasets whose training samples and unlabeled samples the pretext task sees.',
    of: datasetNameSchema,
    allowed: 'a list of the names of one or more datasets',
    minimum: 1,
  }),
  finetune: asField(datasetNameSchema, {
    help: 'The one dataset that is fine-tuned and tested on. Default: the first of pretrain.',
    optional: true,
  }),
  together: togetherField,
  alsoFinetune: listField({
    title: 'Also fine-tuned',
    help: 'Further datasets that are each fine-tuned and tested on, with a head of their own, from the same pretraining.',
    of: datasetNameSchema,
    allowed: 'a list of names of datasets',
    optional: true,
  }),
  includeHeldOut: switchField({
    help: 'Let pretraining see validation and test samples (transductive; every result then says so).',
    default: false,
  }),
  copiesOfHeldOut: choiceField({
    help: 'Samples of the other datasets of pretrain that are copies, or nearly so, of validation or test samples of the fine-tuning dataset: left out of pretraining, or kept, which every result then says. Default: left out.',
    choices: ['leave-out', 'keep'],
    optional: true,
    assumed: 'leave-out',
  }),
  scale: choiceField({
    help: 'Signals: by what values are brought to mean 0 and deviation 1 as they are read, channel by channel. `dataset`: all training samples together. `recording`: every recording by itself, over all of it as it is stored, in training and for new recordings alike; nothing is imported again. Default: dataset.',
    choices: ['dataset', 'recording'],
    optional: true,
    assumed: 'dataset',
  }),
  ...divisionFields,
  imageSize: integerField({
    help: 'Side in pixels all datasets are brought to. Default: the fine-tuning dataset’s own.',
    minimum: 8,
    maximum: 512,
    unit: 'px',
    modality: 'image',
    optional: true,
  }),
  color: choiceField({
    help: 'Colour depth all datasets are brought to. Default: the fine-tuning dataset’s own.',
    choices: ['auto', 'grey', 'color'],
    modality: 'image',
    default: 'auto',
  }),
});
export type RecipeData = z.infer<typeof recipeDataSchema>;

/** The one dataset that is fine-tuned and tested on. */
export const finetuneDatasetOf = ({ data }: { data: Pick<RecipeData, 'pretrain' | 'finetune'> }): string =>
  data.finetune ?? data.pretrain[0]!;

/** All datasets that are fine-tuned and tested on, the first of them first. */
export const downstreamOf = ({
  data,
}: {
  data: Pick<RecipeData, 'pretrain' | 'finetune' | 'alsoFinetune'>;
}): string[] => [...new Set([finetuneDatasetOf({ data }), ...(data.alsoFinetune ?? [])])];
