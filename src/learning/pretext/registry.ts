/** All pretext tasks. Adding one is adding its file and its line. */
import { z } from 'zod';
import { PretextError } from '../../contract/errors.ts';
import { learningModalities, learningModality } from '../modalities/registry.ts';
import type { TaskFamily } from '../../contract/advice.ts';
import type { Modality } from '../../contract/recipe/recipe.ts';
import { encoders } from '../encoders/registry.ts';
import { parseOptions } from '../../contract/fields.ts';
import { barlowTwins } from './tasks/barlow-twins.ts';
import { byol } from './tasks/byol.ts';
import { colorization } from './tasks/colorization.ts';
import { contextEncoder } from './tasks/context-encoder.ts';
import { denoising } from './tasks/denoising.ts';
import { jigsaw } from './tasks/jigsaw.ts';
import { dino } from './tasks/dino.ts';
import { maskedAutoencoder } from './tasks/masked-autoencoder.ts';
import { maskedReconstruction } from './tasks/masked-reconstruction.ts';
import { mocoV2 } from './tasks/moco-v2.ts';
import { mocoV3 } from './tasks/moco-v3.ts';
import { nnclr } from './tasks/nnclr.ts';
import { patchPosition } from './tasks/patch-position.ts';
import { rotation } from './tasks/rotation.ts';
import { simclr } from './tasks/simclr.ts';
import { simsiam } from './tasks/simsiam.ts';
import { maskedFeatures } from './tasks/masked-features.ts';
import { scarf } from './tasks/scarf.ts';
import { forecasting } from './tasks/several-windows/forecasting.ts';
import { neighbourContrast } from './tasks/several-windows/neighbour-contrast.ts';
import { neighbourhoodCoding } from './tasks/several-windows/neighbourhood-coding.ts';
import { predictiveCoding } from './tasks/several-windows/predictive-coding.ts';
import { relativePositioning } from './tasks/several-windows/relative-positioning.ts';
import { subjectContrast } from './tasks/several-windows/subject-contrast.ts';
import { temporalShuffling } from './tasks/several-windows/temporal-shuffling.ts';
import { subtab } from './tasks/subtab.ts';
import { tableDenoising } from './tasks/table-denoising.ts';
import { vime } from './tasks/vime.ts';
import { splitBrain } from './tasks/split-brain.ts';
import { vicreg } from './tasks/vicreg.ts';
import { wMse } from './tasks/w-mse.ts';
import { supcon } from './tasks/supcon.ts';
import { swav } from './tasks/swav.ts';
import type {
  Companions,
  DataContext,
  PretextBuild,
  PretextModel,
  PretextTask,
  RunLength,
  SampleFact,
} from './task.ts';
import { temporalOrder } from './tasks/temporal-order.ts';
import { transformation } from './tasks/transformation.ts';

// One a line, so that adding one touches no other.
export const pretextTasks: readonly PretextTask[] = [
  simclr,
  mocoV2,
  mocoV3,
  nnclr,
  swav,
  byol,
  simsiam,
  barlowTwins,
  vicreg,
  wMse,
  dino,
  rotation,
  patchPosition,
  jigsaw,
  temporalOrder,
  relativePositioning,
  temporalShuffling,
  neighbourhoodCoding,
  neighbourContrast,
  predictiveCoding,
  subjectContrast,
  forecasting,
  colorization,
  transformation,
  maskedReconstruction,
  maskedAutoencoder,
  contextEncoder,
  denoising,
  splitBrain,
  scarf,
  vime,
  maskedFeatures,
  subtab,
  tableDenoising,
  supcon,
];

/** @throws PretextError where there is no task of that name for this kind of data */
export function findPretextTask(id: string, modality: Modality): PretextTask {
  const fitting = pretextTasks.filter((task) => task.modalities.includes(modality));
  const found = fitting.find((task) => task.id === id);
  if (found) return found;
  throw new PretextError({
    code: 'task.unknown',
    message: `There is no pretext task "${id}" for data of kind ${modality}.`,
    place: 'pretext.task',
    remedy: `Choose one of: ${fitting.map((task) => task.id).join(', ')}.`,
  });
}

/** How companions of samples are drawn by a task with these options; null where it asks for none. */
export function companionsOf(
  id: string,
  options: Record<string, unknown>,
  context: DataContext,
): Companions | null {
  const task = findPretextTask(id, context.modality);
  return task.companions?.(pretextOptions(id, options, context)) ?? null;
}

/** What samples must belong to for a task: a group, or a recording and a time in it. */
export function belongingAsked(asks: readonly SampleFact[]): ('group' | 'recording')[] {
  if (asks.includes('group')) return ['group'];
  return asks.length > 0 ? ['recording'] : [];
}

/** What kind of question a task asks, whatever the data; undefined where it does not say, or is not known. */
export const familyOfTask = (id: string): TaskFamily | undefined =>
  pretextTasks.find((task) => task.id === id)?.family;

/** Ids of the encoders that a task can use. */
export function familiesFor({ modalities, needs = [] }: PretextTask): string[] {
  const fitting = encoders.filter(
    (encoder) =>
      encoder.modalities.some((kind) => modalities.includes(kind)) &&
      needs.every((need) => encoder.can?.includes(need)),
  );
  return [...new Set(fitting.map(({ id }) => id))];
}

/**
 * Options with the task's defaults for this data filled in where the recipe says nothing.
 *
 * @throws PretextError where the options are wrong, or the data is not what the task needs
 */
export function pretextOptions(id: string, options: Record<string, unknown>, context: DataContext): unknown {
  const task = findPretextTask(id, context.modality);
  requireChannels(task, context.inputShape);
  const parsed = parseOptions(
    task.options,
    filledFrom(proposedTaskOptions(task, context), options),
    'pretext.options',
  );
  task.check?.(parsed, context);
  return withRecordings(parsed as Record<string, unknown>, context);
}

/**
 * The same written out, to be kept with a run: whatever later versions take where nothing is said, it goes on with
 * these. Views of other kinds of data, which are never made, are none of them.
 *
 * @throws PretextError as `pretextOptions`
 */
export function writtenOptions(
  id: string,
  options: Record<string, unknown>,
  context: DataContext,
): Record<string, unknown> {
  const all = pretextOptions(id, options, context) as Record<string, unknown>;
  const { field } = learningModality(context.modality).views;
  const others = new Set(learningModalities.map(({ views }) => views.field).filter((name) => name !== field));
  return Object.fromEntries(Object.entries(all).filter(([name]) => !others.has(name as never)));
}

/** What suits these data: views that their kind proposes, and above them what the task does. */
export function proposedTaskOptions(task: PretextTask, context: DataContext): Record<string, unknown> {
  const own = task.defaults(context).options as Record<string, unknown>;
  const { field, proposes } = learningModality(context.modality).views;
  const usual = ownViews(task, field);
  const views = (usual && proposes?.(context.about ?? {}, usual)) ?? {};
  return Object.keys(views).length === 0 ? own : filledFrom({ [field]: views }, own);
}

/** What the proposed views go by, in words; null where the kind of data does not say, or the task has no views. */
export function viewReasons(task: PretextTask, { modality, about = {} }: DataContext): string | null {
  const { field, proposesBecause } = learningModality(modality).views;
  const usual = ownViews(task, field);
  return (usual && proposesBecause?.(about, usual)) ?? null;
}

/** The views that a task takes where nobody says anything; null where it has none. */
function ownViews({ options }: PretextTask, field: string): object | null {
  const schema = options instanceof z.ZodObject ? (options.shape[field] as z.ZodType | undefined) : undefined;
  return schema ? (schema.parse(undefined) as object) : null;
}

/** The options of views with what the recordings say of themselves. */
function withRecordings(options: Record<string, unknown>, { modality, about = {} }: DataContext): unknown {
  const { views } = learningModality(modality);
  const own = options[views.field] as object | undefined;
  return own && views.complete ? { ...options, [views.field]: views.complete(own, about) } : options;
}

/** What is set, and of groups of options that are set in part the rest of what is proposed. */
function filledFrom(
  proposed: Record<string, unknown>,
  set: Record<string, unknown>,
): Record<string, unknown> {
  const filled = Object.entries(set).map(([name, value]) => {
    const rest = proposed[name];
    return [name, isGroup(rest) && isGroup(value) ? { ...rest, ...value } : value];
  });
  return { ...proposed, ...(Object.fromEntries(filled) as Record<string, unknown>) };
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function requireChannels({ title, channels }: PretextTask, inputShape: readonly number[]): void {
  const found = inputShape.at(-1)!;
  if (!channels || (found >= channels.least && found <= (channels.most ?? found))) return;
  const needed = channels.most === channels.least ? `${channels.least}` : `at least ${channels.least}`;
  throw new PretextError({
    code: 'task.other-channels',
    message: `${title} needs data of ${needed} channels. Found: ${found}.`,
    place: 'pretext.task',
    remedy: channels.advice,
  });
}

/** Checks the options and builds the model of a task. */
export function buildPretextModel(
  choice: { task: string; options: Record<string, unknown>; sampleCount: number; runLength?: RunLength },
  input: Omit<PretextBuild<unknown>, 'options'>,
): PretextModel {
  const { modality, inputShape, about } = input;
  const { sampleCount, runLength } = choice;
  const context = {
    modality,
    inputShape,
    sampleCount,
    ...(about && { about }),
    ...(runLength && { runLength }),
  };
  const options = pretextOptions(choice.task, choice.options, context);
  return findPretextTask(choice.task, modality).build({ ...input, options });
}
