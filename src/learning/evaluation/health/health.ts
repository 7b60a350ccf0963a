/**
 * Whether pretraining is healthy, judged once an epoch from a few numbers. Pure; what it must remember is a plain
 * value that is kept in the run's checkpoints.
 *
 * Three things can go wrong without an error: all samples get the same features (complete collapse), the features
 * shrink to a few directions (dimensional collapse; Jing et al. 2022), or the loss climbs (divergence).
 */
import { z } from 'zod';
import { findingSchema, type Finding } from '../../../contract/entities.ts';

/*
 * The thresholds, and what they stand between (measured with all tasks on low-dimensional stripes, chest X-rays
 * and forearm signals; deviations as shares of an even spread, 1/√d):
 *
 * - Features of untrained encoders lie in a narrow cone: shares of 0.17 to 0.28. Healthy tasks stay above that,
 *   rotation too, although all upright images are one class to it. Constant features have shares below 0.001.
 * - Outputs, the vectors that a task compares, keep shares above 0.67 (VICReg, which wants a deviation of 1 by
 *   itself, above 0.28). Without its variance term VICReg falls to 0.14 in one epoch on X-rays, and below 0.1.
 * - Outputs differ in 1.9 directions and more, also on stripes, that have hardly more than two. SimSiam without
 *   stop-gradient falls from 37 to 0.7 on stripes, and from 14 to 1.0 in one epoch on X-rays.
 * - Answers over prototypes tell samples apart by 1.03 classes and more in healthy runs of DINO and SwAV, from the start
 *   or soon. DINO without centring and batch norm falls from 1.9 to 1.0000 in one epoch (one class for all), with a
 *   flat teacher, and SwAV with flat codes, to 1.002 (every class alike), while features keep their spread and rank.
 * - The rank of features fell to no less than 0.7 of the best in healthy runs; two clusters alone give 2.
 */
/** Features are constant below both shares: of an even spread, and of the most that this run had. */
const CONSTANT_FEATURES = { share: 0.01, shareOfMost: 0.1 };
const CONSTANT_OUTPUTS = { share: 0.2, shareOfMost: 0.5 };
/** Of the classes by which answers tell samples apart, 1 stands for none: what is above it is judged. */
const CONSTANT_ANSWERS = { excess: 0.01, shareOfMost: 0.5 };
/** Directions are lost below both: a number of them, and a share of the most that this run had. */
const FEW_DIRECTIONS = { rank: 4, shareOfMost: 0.12 };
/** Only judged where the outputs were spread widely once: without batch norm they may be healthy in a narrow cone. */
const FEW_OUTPUT_DIRECTIONS = { rank: 1.3, shareOfMost: 0.2, mostDeviation: 0.75 };
/** A loss has climbed when it is this much of its whole fall above where it began. */
const CLIMBED = 0.1;
/** And where it never fell, when it is so many times what it began with (losses near 0 count as 1). */
const EXPLODED = 10;
/** Looks in a row after which a run is given up, where it may stop by itself. */
const LOOKS_BEFORE_STOP = { 'complete-collapse': 2, 'dimensional-collapse': 3, divergence: 2 } as const;

export const healthRecordSchema = z.object({
  /** Training loss since the last look. */
  loss: z.object({ count: z.number().int(), sum: z.number() }),
  /** Spread and rank of the task's outputs over the latest steps, where the task tells them. */
  outputs: z.object({ deviation: z.number(), rank: z.number() }).nullable(),
  /** By how many classes answers over prototypes told samples apart at the latest step, where the task has some. */
  classes: z.number().nullable().default(null),
  /** Mean loss of the first epoch, and of the best one. */
  firstLoss: z.number().nullable(),
  lowestLoss: z.number().nullable(),
  /** The most that any look has found. */
  most: z.object({
    deviation: z.number(),
    rank: z.number(),
    outputDeviation: z.number(),
    outputRank: z.number(),
    classes: z.number().default(0),
  }),
  /** What is wrong at present, and at how many looks in a row it was. */
  present: z.array(z.object({ finding: findingSchema, looks: z.number().int() })),
});
export type HealthRecord = z.infer<typeof healthRecordSchema>;

export const healthyRecord = (): HealthRecord => ({
  loss: { count: 0, sum: 0 },
  outputs: null,
  classes: null,
  firstLoss: null,
  lowestLoss: null,
  most: { deviation: 0, rank: 0, outputDeviation: 0, outputRank: 0, classes: 0 },
  present: [],
});

/** Weight of the steps before in the means over outputs: they follow within a few steps. */
const MEMORY = 0.5;

/** Takes in one step of training: its loss, and the signs of what the task compares or answers, where it tells them. */
export function recordStep(record: HealthRecord, values: Record<string, number>): HealthRecord {
  const { count, sum } = record.loss;
  const [deviation, rank] = [values['outputDeviation'], values['outputRank']];
  const mean = (before: number | undefined, now: number) =>
    before === undefined ? now : MEMORY * before + (1 - MEMORY) * now;
  return {
    ...record,
    loss: { count: count + 1, sum: sum + values['loss']! },
    outputs:
      deviation === undefined || rank === undefined
        ? null
        : { deviation: mean(record.outputs?.deviation, deviation), rank: mean(record.outputs?.rank, rank) },
    classes: values['outputClasses'] ?? null,
  };
}

export interface HealthMoment {
  step: number;
  epoch: number;
  /** The first look comes with the first step, before anything is learned: it only gives what to compare with. */
  first: boolean;
  /** 1/√d */
  idealDeviation: number;
  embeddingDeviation: number | undefined;
  effectiveRank: number | undefined;
}

export interface Verdict {
  record: HealthRecord;
  /** New findings, and those that are over now. */
  news: Finding[];
  /** The finding that the run cannot recover from. */
  hopeless: Finding | null;
}

/** Judges what was seen at the end of an epoch. */
export function judgeHealth(record: HealthRecord, moment: HealthMoment): Verdict {
  const signs = moment.first ? [] : signsOf(record, moment);
  const lasting = record.present.filter(({ finding }) => signs.some(({ kind }) => kind === finding.kind));
  const over = record.present.filter((one) => !lasting.includes(one));
  const begun = signs.filter(({ kind }) => !lasting.some(({ finding }) => finding.kind === kind));
  const present = [
    ...lasting.map(({ finding, looks }) => ({ finding, looks: looks + 1 })),
    ...begun.map((finding) => ({ finding, looks: 1 })),
  ];
  const hopeless = present.find(({ finding, looks }) => looks >= LOOKS_BEFORE_STOP[finding.kind]);
  return {
    record: remember({ ...record, present }, moment),
    news: [...over.map(({ finding }) => ({ ...finding, overAtStep: moment.step })), ...begun],
    hopeless: hopeless?.finding ?? null,
  };
}

const meanLoss = ({ loss }: HealthRecord) => (loss.count > 0 ? loss.sum / loss.count : null);

function remember(record: HealthRecord, moment: HealthMoment): HealthRecord {
  const mean = meanLoss(record);
  const { deviation, rank, outputDeviation, outputRank } = record.most;
  const most = {
    deviation: Math.max(deviation, moment.embeddingDeviation ?? 0),
    rank: Math.max(rank, moment.effectiveRank ?? 0),
    outputDeviation: Math.max(outputDeviation, record.outputs?.deviation ?? 0),
    outputRank: Math.max(outputRank, record.outputs?.rank ?? 0),
    classes: Math.max(record.most.classes, record.classes ?? 0),
  };
  // The first step alone says nothing about the loss of an epoch.
  if (moment.first || mean === null) return { ...record, most };
  return {
    ...record,
    most,
    loss: { count: 0, sum: 0 },
    firstLoss: record.firstLoss ?? mean,
    lowestLoss: Math.min(record.lowestLoss ?? mean, mean),
  };
}

/** All that is wrong now. A complete collapse is one of rank too: only the graver is named. */
function signsOf(record: HealthRecord, moment: HealthMoment): Finding[] {
  const collapse =
    constantFeatures(record, moment) ??
    constantOutputs(record) ??
    constantAnswers(record) ??
    fewDirections(record, moment) ??
    fewOutputDirections(record);
  return [collapse, climbing(record, moment)].flatMap((sign) =>
    sign ? [{ ...sign, step: moment.step, epoch: moment.epoch, overAtStep: null }] : [],
  );
}

type Sign = Pick<Finding, 'kind' | 'message' | 'advice'> | null;

const APART =
  'Start again with a learning rate three to ten times lower, or a larger batch. Check what holds samples apart in this task (stop-gradient, target network, variance weight, centring, temperature): switched off or too weak, the task is solved best by telling nothing apart.';

function constantFeatures({ most }: HealthRecord, moment: HealthMoment): Sign {
  const { embeddingDeviation: deviation, idealDeviation: ideal } = moment;
  const { share, shareOfMost } = CONSTANT_FEATURES;
  if (deviation === undefined || deviation >= Math.min(share * ideal, shareOfMost * most.deviation))
    return null;
  return {
    kind: 'complete-collapse',
    message: `The encoder gives all samples nearly the same features: their deviation is ${short(deviation)}, against ${short(most.deviation)} at best in this run and ${short(ideal)} if all directions were used alike.`,
    advice: APART,
  };
}

function constantOutputs({ outputs, most }: HealthRecord): Sign {
  const { share, shareOfMost } = CONSTANT_OUTPUTS;
  if (!outputs || outputs.deviation >= Math.min(share, shareOfMost * most.outputDeviation)) return null;
  return {
    kind: 'complete-collapse',
    message: `The vectors that the task compares are nearly the same for all samples: they spread ${percent(outputs.deviation)} as far as they should, and ${percent(most.outputDeviation)} at best in this run.`,
    advice: APART,
  };
}

function constantAnswers({ classes, most }: HealthRecord): Sign {
  const { excess, shareOfMost } = CONSTANT_ANSWERS;
  if (classes === null || classes - 1 >= Math.min(excess, shareOfMost * (most.classes - 1))) return null;
  return {
    kind: 'complete-collapse',
    message: `The task gives all samples nearly the same answer: by prototypes it tells them apart as ${classes.toFixed(4)} classes would, where 1 is none, and as ${most.classes.toFixed(4)} at best in this run.`,
    advice: APART,
  };
}

function fewDirections({ most }: HealthRecord, { effectiveRank: rank }: HealthMoment): Sign {
  const { rank: fewest, shareOfMost } = FEW_DIRECTIONS;
  if (rank === undefined || rank >= Math.min(fewest, shareOfMost * most.rank)) return null;
  return {
    kind: 'dimensional-collapse',
    message: `The features have shrunk to very few directions: their effective rank is ${short(rank)}, down from ${short(most.rank)}.`,
    advice: `Take an earlier checkpoint (\`pretext.checkpoint: best\` with \`pretext.bestBy: rank\` keeps the one of the highest rank). ${APART}`,
  };
}

function fewOutputDirections({ outputs, most }: HealthRecord): Sign {
  const { rank: fewest, shareOfMost, mostDeviation } = FEW_OUTPUT_DIRECTIONS;
  if (!outputs || most.outputDeviation < mostDeviation) return null;
  if (outputs.rank >= Math.min(fewest, shareOfMost * most.outputRank)) return null;
  return {
    kind: 'dimensional-collapse',
    message: `The vectors that the task compares have shrunk to a line: they differ in ${short(outputs.rank)} directions, down from ${short(most.outputRank)}.`,
    advice: APART,
  };
}

function climbing(record: HealthRecord, { embeddingDeviation, epoch }: HealthMoment): Sign {
  const advice =
    'Start again with a learning rate three to ten times lower, and a longer warm-up (`pretext.warmupEpochs`).';
  if (embeddingDeviation === undefined)
    return { kind: 'divergence', message: 'The features are no numbers any more.', advice };
  const mean = meanLoss(record);
  const { firstLoss, lowestLoss } = record;
  if (mean === null || firstLoss === null || lowestLoss === null) return null;
  const fall = firstLoss - lowestLoss;
  const climbed = fall > CLIMBED * Math.abs(firstLoss) && mean > firstLoss + CLIMBED * fall;
  const exploded = mean > EXPLODED * Math.max(1, Math.abs(firstLoss));
  if (!climbed && !exploded) return null;
  return {
    kind: 'divergence',
    message: `The loss climbs: ${short(mean)} on average in epoch ${Math.round(epoch)}, after ${short(firstLoss)} in the first epoch and ${short(lowestLoss)} in the best.`,
    advice,
  };
}

/** The loss itself is no number any more: said at once, not only at the end of the epoch. */
export function lossIsNoNumber(step: number, epoch: number): Finding {
  return {
    kind: 'divergence',
    step,
    epoch,
    message: `The loss is no number any more at step ${step}.`,
    advice: 'Start again with a learning rate three to ten times lower.',
    overAtStep: null,
  };
}

const percent = (share: number) => `${short(100 * share)} %`;
const short = (value: number) => String(Number(value.toPrecision(2)));
