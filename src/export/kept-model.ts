/** Kept models and checkpoints as exports take them. */
import { harmoniseStepSchema, scalesItself } from '../contract/data/harmonise-step.ts';
import { stepWords } from '../contract/recipe/together-report.ts';
import { z } from 'zod';
import { isCategory } from '../contract/data/columns.ts';
import { sampleDescriptionSchema, type SampleDescription } from '../contract/data/sample-description.ts';
import { madeSentences } from '../contract/model/made-words.ts';
import { metricOf } from '../contract/results/metric.ts';
import { modalitySchema } from '../contract/data/modality.ts';
import { scalesOf, type Model, type ModelPreparation } from '../contract/model/model.ts';
import { encoderSchema } from '../contract/recipe/recipe.ts';
import type { StateArrays } from '../tensor/index.ts';
import type { ExportedHead, ExportedModel } from './model.ts';

/** @param weights of each member, in the order of the model's members */
export function exportedModelOf(
  model: Model,
  weights: readonly StateArrays[],
  encoderOnly = false,
): ExportedModel {
  const { name, modality, encoder, inputShape, about, channelStatistics, preparation } = model;
  // Features are those of the first member, here as everywhere.
  const members = model.members.map((member, index) => ({
    weights: weights[index]!,
    scales: scalesOf(member),
  }));
  return {
    name,
    modality,
    encoder,
    inputShape,
    about,
    sampleType: sampleTypeOf(preparation),
    channelStatistics,
    head: encoderOnly ? null : headOf(model),
    members: encoderOnly ? members.slice(0, 1) : members,
    preparation: preparationSentences(preparation, about),
    facts: factSentences(model),
  };
}

function headOf({ head, temperature }: Model): ExportedHead {
  switch (head.kind) {
    case 'classes':
      return { kind: 'classes', names: head.classNames, temperature: temperature ?? 1 };
    case 'labels':
      return { kind: 'labels', names: head.names, temperature: temperature ?? 1 };
    case 'numbers':
      return { kind: 'numbers', names: head.names };
    case 'number':
      return { kind: 'number' };
  }
}

/** Images of 8 bits beside those of 16 become 16 too. */
const sampleTypeOf = ({ stored, steps }: ModelPreparation): ExportedModel['sampleType'] =>
  steps.some(({ step }) => step === 'to-16-bit') ? 'uint16' : stored.dtype;

/** What a new sample must go through before the model sees it, one sentence each. */
export function preparationSentences(preparation: ModelPreparation, about: SampleDescription = {}): string[] {
  const { options, stored, steps, bits, channelNames, samplingRate, scaledByRecording } = preparation;
  const [height, width, channels] = stored.shape;
  const sides = stored.shape.length;
  return [
    ...(sides === 3
      ? [
          `Images are brought to ${width} × ${height} pixels and ${channels === 1 ? 'one channel (grey)' : `${channels} channels`}.`,
        ]
      : sides === 2
        ? [`Recordings are cut into windows of ${height} samples with ${width} channels.`]
        : columnSentences(about)),
    ...(bits === null ? [] : [`Values of 16-bit images use ${bits} bits, which are spread over all 16.`]),
    ...(channelNames ? [`The channels are, in this order: ${channelNames.join(', ')}.`] : []),
    ...(samplingRate === null
      ? []
      : [
          `Signals have ${samplingRate} samples a second${options.signals.resampleTo ? ', to which they are resampled with a filter against aliasing' : ''}.`,
        ]),
    ...scaleSentences(scaledByRecording),
    ...steps.map(stepSentence),
  ];
}

const scaleSentences = (scaledByRecording: boolean | undefined): string[] =>
  scaledByRecording
    ? [
        'Before windows are cut, every recording is brought to mean 0 and deviation 1 by itself: from each channel its mean over the whole recording is subtracted, then it is divided by its standard deviation (a channel that never changes by 1).',
      ]
    : [];

/** What each number of a row is. */
function columnSentences({ columns = [] }: SampleDescription): string[] {
  return [
    'A row is numbers in the order of its columns; what is not known is NaN, and categories are told by their codes.',
    ...columns.map((column, place) =>
      isCategory(column)
        ? `${place}: ${column.name}, ${column.categories.map((name, code) => `${code} is ${name}`).join(', ')}.`
        : `${place}: ${column.name}${column.unit ? ` in ${column.unit}` : ''}.`,
    ),
  ];
}

function stepSentence(step: Record<string, unknown>): string {
  const known = harmoniseStepSchema.safeParse(step);
  if (!known.success) return `Then: ${JSON.stringify(step)}.`;
  const sentence = `Then: ${stepWords(known.data)}`;
  // Whoever prepares samples elsewhere needs all numbers.
  return scalesItself([known.data]) || known.data.step === 'interpolate'
    ? `${sentence} In full: ${JSON.stringify(step)}`
    : sentence;
}

function factSentences(model: Model): string[] {
  const { trainedOn, scores, createdAt, program, id, made } = model;
  const { dataset, study, arm, labels, splits, pretraining } = trainedOn;
  const metric = metricOf(scores.metric).word;
  const score = (split: 'validation' | 'test') => {
    const found = scores[split];
    return found ? [`${metric} on ${found.samples} ${split} samples: ${found.score.toFixed(4)}.`] : [];
  };
  return [
    `Model ${id} of the study “${study}”, kept ${createdAt.slice(0, 10)} by Pretext Studio ${program}.`,
    `Trained on ${labels} labels of “${dataset}” (${splits.join(', ')}), arm ${arm}.`,
    ...madeSentences(model),
    pretraining
      ? `Its encoder was pretrained by ${pretraining.run}${pretraining.task ? ` (${pretraining.task})` : ''}.`
      : 'Its encoder began with random weights.',
    ...score('validation'),
    ...(scores.test || made ? score('test') : ['It has no test score of its own.']),
  ];
}

/** What every checkpoint of a run says of its encoder. */
export const checkpointNotesSchema = z.object({
  encoder: encoderSchema,
  modality: modalitySchema,
  inputShape: z.array(z.number().int().positive()),
  /** Left out by checkpoints of earlier versions. */
  about: sampleDescriptionSchema.default({}),
  channelStatistics: z.object({ mean: z.array(z.number()), standardDeviation: z.array(z.number()) }),
  task: z.string().optional(),
  scaledByRecording: z.boolean().optional(),
});

/** The encoder of a checkpoint, without any head. */
export function exportedEncoderOf(
  name: string,
  notes: z.infer<typeof checkpointNotesSchema>,
  weights: StateArrays,
): ExportedModel {
  const { task, scaledByRecording, ...described } = notes;
  return {
    name,
    ...described,
    // A checkpoint does not say; 8 and 16 bits are computed with alike.
    sampleType: notes.inputShape.length === 3 ? 'uint8' : 'float32',
    head: null,
    members: [{ weights, scales: null }],
    preparation: scaleSentences(scaledByRecording),
    facts: [`The encoder of ${name}${task ? `, pretrained by ${task}` : ''}.`],
  };
}
