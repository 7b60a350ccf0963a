/**
 * Whether pretraining is healthy, judged once an epoch from a few numbers. Pure; what it must remember is a plain
 * value that is kept in the run's checkpoints.
 *
 * Three things can go wrong without an error: all samples get the same features (complete collapse), the features
 * shrink to a few directions (dimensional collapse; Jing et al. 2022), or the loss climbs (divergence).
 */
import { z } from 'zod';
import { findingSchema, type Finding } from '../../contract/entities.ts';

/**
 * Features count as constant when they spread less than this share of what all directions would give, and less
 * than this share of the most that this very run had. An untrained network of rectified channels already puts
 * its features in a narrow cone (shares of 0.02 to 0.3 were measured), so that neither alone would do.
 */
const CONSTANT = { share: 0.01, shareOfMost: 0.1 };
/** The task's own outputs in training batches; healthy tasks keep them above 0.3 of an even spread. */
const CONSTANT_OUTPUTS = 0.05;
/**
 * Rotation's encoder may live well on four directions, and the features of an untrained one on three. Rank has
 * collapsed where next to nothing beside one direction is left of clearly more.
 */
const LOW_RANK = { rank: 1.5, shareOfMost: 0.25 };
/** A loss has climbed when it is this much of its whole fall above where it began. */
const CLIMBED = 0.1;
/** And where it never fell, when it is so many times what it began with. */
const EXPLODED = 10;
/** Looks in a row after which a run is given up, where it may stop by itself. */
const LOOKS_BEFORE_STOP = { 'complete-collapse': 2, 'dimensional-collapse': 3, divergence: 2 } as const;

export const healthRecordSchema = z.object({
  /** Training loss since the last look. */
  loss: z.object({ count: z.number().int(), sum: z.number() }),
  /** Spread of the task's outputs over the latest steps, where the task tells it. */
  outputDeviation: z.number().nullable(),
  /** Mean loss of the first epoch, and of the best one. */
  firstLoss: z.number().nullable(),
  lowestLoss: z.number().nullable(),
  mostDeviation: z.number(),
  mostRank: z.number(),
  /** What is wrong at present, and at how many looks in a row it was. */
  present: z.array(z.object({ finding: findingSchema, looks: z.number().int() })),
});
export type HealthRecord = z.infer<typeof healthRecordSchema>;

export const healthyRecord = (): HealthRecord => ({
  loss: { count: 0, sum: 0 },
  outputDeviation: null,
  firstLoss: null,
  lowestLoss: null,
  mostDeviation: 0,
  mostRank: 0,
  present: [],
});

/** Weight of the steps before in the mean of the outputs' spread: it follows within ten steps. */
const MEMORY = 0.8;

/** Takes in one step of training: its loss, and `outputDeviation` where the task tells it. */
export function recordStep(record: HealthRecord, values: Record<string, number>): HealthRecord {
  const { count, sum } = record.loss;
  const deviation = values['outputDeviation'];
  const before = record.outputDeviation;
  return {
    ...record,
    loss: { count: count + 1, sum: sum + values['loss']! },
    outputDeviation:
      deviation === undefined
        ? null
        : before === null
          ? deviation
          : MEMORY * before + (1 - MEMORY) * deviation,
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
  const most = {
    mostDeviation: Math.max(record.mostDeviation, moment.embeddingDeviation ?? 0),
    mostRank: Math.max(record.mostRank, moment.effectiveRank ?? 0),
  };
  // The first step alone says nothing about the loss of an epoch.
  if (moment.first || mean === null) return { ...record, ...most };
  return {
    ...record,
    ...most,
    loss: { count: 0, sum: 0 },
    firstLoss: record.firstLoss ?? mean,
    lowestLoss: Math.min(record.lowestLoss ?? mean, mean),
  };
}

/** All that is wrong now. A complete collapse is one of rank too: only the graver is named. */
function signsOf(record: HealthRecord, moment: HealthMoment): Finding[] {
  const collapse = constantFeatures(record, moment) ?? constantOutputs(record) ?? lowRank(record, moment);
  return [collapse, climbing(record, moment)].flatMap((sign) =>
    sign ? [{ ...sign, step: moment.step, epoch: moment.epoch, overAtStep: null }] : [],
  );
}

type Sign = Pick<Finding, 'kind' | 'message' | 'advice'> | null;

const APART =
  'Start again with a learning rate three to ten times lower, or a larger batch. Check what holds samples apart in this task (stop-gradient, target network, variance weight, centring, temperature): switched off or too weak, the task is solved best by telling nothing apart.';

function constantFeatures(record: HealthRecord, moment: HealthMoment): Sign {
  const { embeddingDeviation: deviation, idealDeviation: ideal } = moment;
  if (deviation === undefined) return null;
  if (deviation >= CONSTANT.share * ideal || deviation >= CONSTANT.shareOfMost * record.mostDeviation)
    return null;
  return {
    kind: 'complete-collapse',
    message: `The encoder gives all samples nearly the same features: their deviation is ${short(deviation)}, against ${short(record.mostDeviation)} at best in this run and ${short(ideal)} if all directions were used alike.`,
    advice: APART,
  };
}

function constantOutputs({ outputDeviation }: HealthRecord): Sign {
  if (outputDeviation === null || outputDeviation >= CONSTANT_OUTPUTS) return null;
  return {
    kind: 'complete-collapse',
    message: `The task's outputs are nearly the same for all samples: they spread ${short(100 * outputDeviation)} % as far as they should, so that there is nothing left to learn from.`,
    advice: APART,
  };
}

function lowRank(record: HealthRecord, { effectiveRank: rank }: HealthMoment): Sign {
  if (rank === undefined || rank >= LOW_RANK.rank || rank >= LOW_RANK.shareOfMost * record.mostRank)
    return null;
  return {
    kind: 'dimensional-collapse',
    message: `The features have shrunk to very few directions: their effective rank is ${short(rank)}, down from ${short(record.mostRank)}.`,
    advice:
      'Take an earlier checkpoint (`pretext.checkpoint: best` with `pretext.bestBy: rank` keeps the one of the highest rank). Then try a lower learning rate, less weight decay, a larger batch, or milder views.',
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
  const exploded = mean > EXPLODED * Math.abs(firstLoss) && mean > 0;
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

const short = (value: number) => String(Number(value.toPrecision(2)));
