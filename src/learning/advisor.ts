/**
 * Which pretext tasks to begin with, and with which settings: rules of thumb from the number of samples, their
 * kind and size, memory, batch size and time. No tensors. What it says is where a comparison starts; the
 * tournament measures.
 */
import type { Advice, TaskAdvice, TrainingProposal } from '../contract/advice.ts';
import { PretextError } from '../contract/errors.ts';
import { pretextSchema } from '../contract/recipe/recipe.ts';
import { encoders, proposedOptions } from './encoders/registry.ts';
import { learningModality } from './modalities/registry.ts';
import {
  belongingAsked,
  familiesFor,
  pretextOptions,
  pretextTasks,
  proposedTaskOptions,
  viewReasons,
} from './pretext/registry.ts';
import { cautionOfShort, type RecordingLengths } from './pretext/parts/short-recordings.ts';
import type { DataContext, PretextTask } from './pretext/task.ts';

export interface AdvisorQuestion extends DataContext {
  /** Labeled training samples. */
  labeledCount: number;
  /** Whether the samples have an upright position: people know, numbers do not tell. Undefined: nobody has said. */
  upright?: boolean;
  /** What is not known of the samples of some dataset: their groups, or their places in recordings. */
  lacks?: readonly ('group' | 'recording')[];
  /** How long recordings are, where samples are windows of them. */
  recordings?: RecordingLengths;
  /** Options of one task as they are set; left out, or of the others: their usual ones. */
  chosen?: { task: string; options: Record<string, unknown> };
  /** The encoder that is to be trained. */
  encoder?: string;
  /** Memory that a training may take. */
  memoryBytes?: number;
  /** Largest batch that is wanted. */
  batchSize?: number;
  /** Time for one pretraining, and how fast the machine was measured to be on such data. */
  secondsAllowed?: number;
  samplesPerSecond?: number;
}

/** Values that a sample takes in training for each value of its own: maps of all layers, forwards and back. */
const MEMORY_FACTOR = 400;
const BYTES_PER_VALUE = 4;
const SMALL_DATA = 1000;
const SMALL_BATCH = 64;
const LARGE_BATCH = 128;
/** A comparison begins with other tasks, if there are any. */
const CAUTION_POINTS = 2;
/** Tasks a comparison begins with. */
const START = 4;

export function advise(question: AdvisorQuestion, most = START): Advice {
  const tasks = pretextTasks
    .filter(({ modalities }) => modalities.includes(question.modality))
    .map((task) => adviceOn(task, question))
    .toSorted((a, b) => Number(a.impossible !== null) - Number(b.impossible !== null) || b.points - a.points);
  return {
    sampleCount: question.sampleCount,
    tasks,
    encoders: proposals(question),
    start: startingSet(tasks, most),
  };
}

/** What each encoder proposes for samples of that shape. */
function proposals({ modality, inputShape, about }: AdvisorQuestion): Advice['encoders'] {
  const fitting = encoders.filter((encoder) => encoder.modalities.includes(modality));
  return Object.fromEntries(
    fitting.map(({ id }) => [id, proposedOptions({ family: id, options: {} }, modality, inputShape, about)]),
  );
}

/** One of each kind first, in the order of the advice, then the next best. */
function startingSet(tasks: readonly TaskAdvice[], most: number): string[] {
  const possible = tasks.filter(({ impossible, points }) => impossible === null && points >= 0);
  const firstOfKind = possible.filter(
    ({ family }, i) => possible.findIndex((other) => other.family === family) === i,
  );
  const others = possible.filter((task) => !firstOfKind.includes(task));
  return [...firstOfKind, ...others].slice(0, most).map(({ task }) => task);
}

function adviceOn(task: PretextTask, question: AdvisorQuestion): TaskAdvice {
  const { title, family = null } = task;
  const batch = suitableBatch(task, question);
  const impossible = whyImpossible(task, question, batch);
  const defaults = impossible ? { options: {}, training: {} } : task.defaults(contextOf(question));
  const training: TrainingProposal = { ...defaults.training, batchSize: batch };
  const epochs = affordableEpochs(training, question);
  const runLength = { epochs, batchSize: batch };
  const views = impossible ? null : viewReasons(task, contextOf(question));
  const judged = impossible ? { points: 0, reasons: [] } : judge(task, batch, question);
  const caution = impossible ? null : cautionOn(task, question);
  return {
    task: task.id,
    title,
    family,
    impossible,
    ...(caution !== null && { caution }),
    ...(views !== null && { views }),
    points: judged.points - (caution === null ? 0 : CAUTION_POINTS),
    reasons: [
      ...(caution === null ? [] : [caution]),
      ...judged.reasons,
      ...(epochs < (training.epochs ?? epochs)
        ? [`${epochs} instead of ${training.epochs} epochs fit into the time.`]
        : []),
    ],
    training: { ...training, ...(training.epochs !== undefined && { epochs }) },
    options: impossible ? {} : proposedTaskOptions(task, { ...contextOf(question), runLength }),
  };
}

/** What it looks for in recordings may hardly be there. */
function cautionOn({ id, companions }: PretextTask, question: AdvisorQuestion): string | null {
  const { recordings, chosen } = question;
  if (!recordings || !companions) return null;
  const options = optionsThatCan(id, chosen?.task === id ? chosen.options : {}, question);
  return options === null ? null : cautionOfShort(companions(options), recordings);
}

/** Null where they cannot be: whoever sets them is told so beside them, and of nothing that follows from them. */
function optionsThatCan(id: string, options: Record<string, unknown>, question: AdvisorQuestion): unknown {
  try {
    return pretextOptions(id, options, contextOf(question));
  } catch (thrown) {
    if (thrown instanceof PretextError) return null;
    throw thrown;
  }
}

const contextOf = ({ modality, inputShape, sampleCount, about }: AdvisorQuestion): DataContext => ({
  modality,
  inputShape,
  sampleCount,
  ...(about && { about }),
});

/** What the task proposes, as far as samples, memory and the wish allow: a power of two where it must be less. */
function suitableBatch(task: PretextTask, question: AdvisorQuestion): number {
  const { minValue, default: standard } = batchRange();
  const proposed = task.defaults(contextOf(question)).training.batchSize ?? standard;
  const values = question.inputShape.reduce((product, side) => product * side, 1);
  const perSample = values * MEMORY_FACTOR * BYTES_PER_VALUE;
  const limit = Math.min(
    proposed,
    question.batchSize ?? Infinity,
    // At least two batches in an epoch, or there is no epoch.
    question.sampleCount / 2,
    question.memoryBytes ? question.memoryBytes / perSample : Infinity,
  );
  if (limit >= proposed) return proposed;
  return Math.max(minValue, 2 ** Math.floor(Math.log2(Math.max(1, limit))));
}

const batchRange = () => ({ minValue: 8, default: pretextSchema.parse({}).batchSize });

function whyImpossible(task: PretextTask, question: AdvisorQuestion, batch: number): string | null {
  if (question.sampleCount < 2 * batch)
    return `It needs at least ${2 * batch} samples; there are ${question.sampleCount}.`;
  if (task.needsLabels && question.labeledCount < 2 * batch)
    return `It learns from labels that are classes; ${question.labeledCount} training samples have one.`;
  const lacking = belongingAsked(task.asks ?? []).find((one) => question.lacks?.includes(one));
  if (lacking) return LACKING[lacking];
  const families = familiesFor(task);
  if (question.encoder && !families.includes(question.encoder))
    return `It needs another encoder: ${families.join(' or ')}.`;
  try {
    pretextOptions(task.id, {}, contextOf(question));
    return null;
  } catch (error) {
    if (error instanceof PretextError) return [error.message, error.failure.remedy].filter(Boolean).join(' ');
    throw error;
  }
}

const LACKING = {
  group: 'It asks which samples are of the same subject, patient or site: there are no groups.',
  recording: 'It looks at several windows of a recording: samples are not known to be windows of recordings.',
};

function affordableEpochs({ epochs }: TrainingProposal, question: AdvisorQuestion): number {
  const wanted = epochs ?? pretextSchema.parse({}).epochs;
  const { secondsAllowed, samplesPerSecond, sampleCount } = question;
  if (!secondsAllowed || !samplesPerSecond) return wanted;
  return Math.max(1, Math.min(wanted, Math.floor((secondsAllowed * samplesPerSecond) / sampleCount)));
}

/** Such a task is never begun with unless somebody has said that it suits: it would be learnt by heart, or not at all. */
function uprightPoints(upright: boolean | undefined): [number, string] {
  if (upright) return [1, 'Your samples have an upright position.'];
  if (upright === false) return [-10, 'Your samples have no upright position: there is nothing to tell.'];
  return [-10, 'It suits only samples that have an upright position, and nobody has said that yours do.'];
}

/** How many windows the encoder reads for each sample; null where options that cannot be would say so. */
function windowsRead({ id, companions }: PretextTask, question: AdvisorQuestion): number | null {
  if (!companions) return 1;
  const options = optionsThatCan(id, question.chosen?.task === id ? question.chosen.options : {}, question);
  if (options === null) return null;
  const { count, encoded = count } = companions(options);
  return encoded + 1;
}

/** What a step costs. */
function readingsOf(windows: number | null): string {
  if (windows === 1) return 'with one view of each sample: cheap';
  if (windows === null) return 'over several windows of a recording';
  return `over ${windows} windows for each sample: a step takes about ${windows} times what one view does`;
}

/** A point for and a point against, each with its reason. */
function judge(
  task: PretextTask,
  batch: number,
  question: AdvisorQuestion,
): { points: number; reasons: string[] } {
  const { family, needsUpright } = task;
  const { sampleCount, labeledCount, modality, upright, secondsAllowed, samplesPerSecond } = question;
  const small = sampleCount < SMALL_DATA;
  const windows = windowsRead(task, question);
  const hurried =
    secondsAllowed !== undefined &&
    samplesPerSecond !== undefined &&
    (secondsAllowed * samplesPerSecond) / sampleCount < 10;
  const { fillsIn } = learningModality(modality);
  const found: [number, string][] = [];
  switch (family) {
    case 'contrastive':
      if (batch >= LARGE_BATCH)
        found.push([3, `Batches of ${batch} hold enough others to tell samples apart.`]);
      else if (batch < SMALL_BATCH)
        found.push([-1, `Batches of ${batch} hold few others to tell samples apart.`]);
      else found.push([1, 'It compares each sample with all others of its batch.']);
      break;
    case 'joint':
      found.push([2, 'It needs no comparison with other samples, so batches may be small.']);
      if (small)
        found.push([-1, `With ${sampleCount} samples it may collapse: look at the health of its run.`]);
      break;
    case 'predictive':
      found.push([1, `It asks an easy question, ${readingsOf(windows)}.`]);
      if (small) found.push([2, `An easy question suits ${sampleCount} samples.`]);
      break;
    case 'generative':
      found.push([1, `It learns what samples look like in detail, ${readingsOf(windows)}.`]);
      if (fillsIn) found.push([1, fillsIn]);
      break;
    case 'supervised':
      found.push([
        labeledCount > sampleCount / 2 ? 1 : -1,
        `It sees only the ${labeledCount} labeled of ${sampleCount} training samples.`,
      ]);
      break;
    case undefined:
      found.push([0, 'Nothing is known of what it suits.']);
  }
  if (needsUpright) found.push(uprightPoints(upright));
  if (hurried && windows === 1 && (family === 'predictive' || family === 'generative'))
    found.push([1, 'In little time one view of each sample goes further than two.']);
  return {
    points: found.reduce((sum, [points]) => sum + points, 0),
    reasons: found.map(([, reason]) => reason),
  };
}
