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
  /** How much each sample counts; left out: all alike. */
  weights?: ArrayLike<number> | undefined;
}

/** Answers that are known to have probabilities; that they do is up to whoever asks for such a metric. */
export function requireProbabilities(
  answers: Omit<ProbableAnswers, 'probabilities'> & { probabilities?: ArrayLike<number> },
): ProbableAnswers {
  const { probabilities, targets, classCount, weights } = answers;
  if (!probabilities) throw new Error('this metric needs the probabilities of all classes');
  if (probabilities.length !== targets.length * classCount)
    throw new RangeError(
      `${targets.length} samples of ${classCount} classes need ${targets.length * classCount} probabilities, not ${probabilities.length}`,
    );
  return { probabilities, targets, classCount, weights };
}

/** The samples by the probability of one class, in groups of equal ones, the highest first. */
export interface RankedClass {
  /** Samples by number, in that order. */
  order: Int32Array;
  /** Where each group of equal probabilities ends, one behind its last place in `order`. */
  ends: number[];
  /** 1 for samples of the class, by number. */
  own: Uint8Array;
  /** What each sample counts, by number. */
  masses: Float64Array;
  /** What the samples of the class count together, and the others. */
  positives: number;
  negatives: number;
}

export function rankedBy(
  { targets, classCount, probabilities, weights }: ProbableAnswers,
  id: number,
): RankedClass {
  const own = Uint8Array.from(targets, (target) => (target === id ? 1 : 0));
  const chance = Float64Array.from(own, (_, row) => probabilities[row * classCount + id]!);
  const order = Int32Array.from(own, (_, row) => row).sort((a, b) => chance[b]! - chance[a]! || a - b);
  const ends: number[] = [];
  order.forEach((row, place) => {
    if (place + 1 === order.length || chance[order[place + 1]!] !== chance[row]) ends.push(place + 1);
  });
  const masses = Float64Array.from(own, (_, row) => weights?.[row] ?? 1);
  const massOf = (side: number) =>
    masses.reduce((sum, mass, row) => (own[row] === side ? sum + mass : sum), 0);
  return { order, ends, own, masses, positives: massOf(1), negatives: massOf(0) };
}

/** What a group of equal probabilities counts: its samples of the class, and its others. */
export function massesOf(
  { order, own, masses }: RankedClass,
  begin: number,
  end: number,
): { hits: number; others: number } {
  let [hits, others] = [0, 0];
  for (let place = begin; place < end; place++) {
    const row = order[place]!;
    if (own[row]) hits += masses[row]!;
    else others += masses[row]!;
  }
  return { hits, others };
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
export function areaUnderRoc(ranked: RankedClass): number {
  const { ends, positives, negatives } = ranked;
  let [begin, above, won] = [0, 0, 0];
  for (const end of ends) {
    const { hits, others } = massesOf(ranked, begin, end);
    won += others * (above + hits / 2);
    above += hits;
    begin = end;
  }
  return won / (positives * negatives);
}

/** Mean over the samples of the class of the precision among all that rank at least as high as they do. */
export function averagePrecision(ranked: RankedClass): number {
  const { ends, positives } = ranked;
  let [begin, above, reached, total] = [0, 0, 0, 0];
  for (const end of ends) {
    const { hits, others } = massesOf(ranked, begin, end);
    above += hits;
    reached += hits + others;
    total += hits * (above / reached);
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
