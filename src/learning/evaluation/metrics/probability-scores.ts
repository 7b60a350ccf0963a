/**
 * Scores of class probabilities: ranks of the samples of a class among all others, and losses sample by sample. As
 * scikit-learn defines them, over several classes one against the rest and averaged. Pure numbers.
 */
import { LEAST_PROBABILITY } from './sample-loss.ts';

export interface ProbableAnswers {
  targets: ArrayLike<number>;
  classCount: number;
  /** Row-major [samples, classCount]. */
  probabilities: ArrayLike<number>;
}

/** Answers that are known to have probabilities; that they do is up to whoever asks for such a metric. */
export function requireProbabilities(
  answers: Omit<ProbableAnswers, 'probabilities'> & { probabilities?: ArrayLike<number> },
): ProbableAnswers {
  const { probabilities, targets, classCount } = answers;
  if (!probabilities) throw new Error('this metric needs the probabilities of all classes');
  if (probabilities.length !== targets.length * classCount)
    throw new RangeError(
      `${targets.length} samples of ${classCount} classes need ${targets.length * classCount} probabilities, not ${probabilities.length}`,
    );
  return { probabilities, targets, classCount };
}

/** The samples by the probability of one class, in groups of equal ones, the highest first. */
export interface RankedClass {
  /** Samples by number, in that order. */
  order: Int32Array;
  /** Where each group of equal probabilities ends, one behind its last place in `order`. */
  ends: number[];
  /** 1 for samples of the class, by number. */
  own: Uint8Array;
  /** How many samples are of the class. */
  positives: number;
}

export function rankedBy({ targets, classCount, probabilities }: ProbableAnswers, id: number): RankedClass {
  const own = Uint8Array.from(targets, (target) => (target === id ? 1 : 0));
  const chance = Float64Array.from(own, (_, row) => probabilities[row * classCount + id]!);
  const order = Int32Array.from(own, (_, row) => row).sort((a, b) => chance[b]! - chance[a]! || a - b);
  const ends: number[] = [];
  order.forEach((row, place) => {
    if (place + 1 === order.length || chance[order[place + 1]!] !== chance[row]) ends.push(place + 1);
  });
  return { order, ends, own, positives: own.reduce((sum, yes) => sum + yes, 0) };
}

/** The classes that some samples are of and others are not; of two classes both. */
export function rankableClasses({ targets, classCount }: ProbableAnswers): number[] {
  const counts = new Array<number>(classCount).fill(0);
  for (let row = 0; row < targets.length; row++) counts[targets[row]!]!++;
  return counts.flatMap((count, id) => (count > 0 && count < targets.length ? [id] : []));
}

/** The mean over all classes that can be ranked; 0 where there are none, as all samples are of one class. */
export function meanOverClasses(answers: ProbableAnswers, score: (ranked: RankedClass) => number): number {
  const classes = rankableClasses(answers);
  const total = classes.reduce((sum, id) => sum + score(rankedBy(answers, id)), 0);
  return classes.length === 0 ? 0 : total / classes.length;
}

/** Share of pairs of a sample of the class and one of another in which the first ranks higher; equal ones count half. */
export function areaUnderRoc({ order, ends, own, positives }: RankedClass): number {
  let [begin, above, won] = [0, 0, 0];
  for (const end of ends) {
    let hits = 0;
    for (let place = begin; place < end; place++) hits += own[order[place]!]!;
    const others = end - begin - hits;
    won += others * (above + hits / 2);
    above += hits;
    begin = end;
  }
  return won / (positives * (order.length - positives));
}

/** Mean over the samples of the class of the precision among all that rank at least as high as they do. */
export function averagePrecision({ order, ends, own, positives }: RankedClass): number {
  let [begin, above, total] = [0, 0, 0];
  for (const end of ends) {
    let hits = 0;
    for (let place = begin; place < end; place++) hits += own[order[place]!]!;
    above += hits;
    total += hits * (above / end);
    begin = end;
  }
  return total / positives;
}

/** Of every sample the negative logarithm of the probability of its class. */
export function logLosses({ targets, classCount, probabilities }: ProbableAnswers): Float64Array {
  return Float64Array.from(targets, (target, row) => {
    const chance = probabilities[row * classCount + target]!;
    return -Math.log(Math.min(1, Math.max(LEAST_PROBABILITY, chance)));
  });
}

/** Of every sample the squared distance of its probabilities from the truth; of two classes that of one of them. */
export function brierLosses({ targets, classCount, probabilities }: ProbableAnswers): Float64Array {
  return Float64Array.from(targets, (target, row) => {
    let total = 0;
    for (let id = 0; id < classCount; id++)
      total += (probabilities[row * classCount + id]! - (id === target ? 1 : 0)) ** 2;
    return classCount === 2 ? total / 2 : total;
  });
}
