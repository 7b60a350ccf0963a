/** Which samples with several labels or numbers are alike, so that splits share them evenly. */
import { knownCounts, type SeveralTargets } from '../reading/several-targets.ts';
import { strataOfNumbers } from './draw.ts';

/**
 * Samples that are to be divided evenly between splits: of labels those whose rarest label is the same (after Sechidis,
 * Tsoumakas and Vlahavas 2011, who begin with the rarest one), of numbers those whose mean of standardised numbers is
 * alike; -1 where nothing is known.
 */
export function strataOfTargets(targets: SeveralTargets, kind: 'labels' | 'numbers'): Int32Array {
  const known = knownCounts(targets);
  const { names, values } = targets;
  const width = names.length;
  if (kind === 'numbers') return strataOfNumbers(standardisedMeans(targets));
  const counts = names.map((_, at) => {
    let count = 0;
    for (let i = at; i < values.length; i += width) if (values[i] === 1) count++;
    return count;
  });
  const fromRarest = [...counts.keys()].sort((a, b) => counts[a]! - counts[b]! || a - b);
  return Int32Array.from(known, (count, row) =>
    Number.isNaN(count) ? -1 : (fromRarest.find((at) => values[row * width + at] === 1) ?? width),
  );
}

function standardisedMeans({ names, values }: SeveralTargets): Float32Array {
  const width = names.length;
  const scales = names.map((_, at) => scaleOf(values, at, width));
  return Float32Array.from({ length: values.length / width }, (_, row) => {
    let [sum, known] = [0, 0];
    for (const [at, { mean, deviation }] of scales.entries()) {
      const value = values[row * width + at]!;
      if (Number.isNaN(value)) continue;
      sum += (value - mean) / deviation;
      known++;
    }
    return known === 0 ? Number.NaN : sum / known;
  });
}

/** Mean and deviation of every `width`th value from `first` on; those that are missing count for nothing. */
function scaleOf(values: Float32Array, first: number, width: number): { mean: number; deviation: number } {
  const meanOf = (part: (value: number) => number) => {
    let [sum, known] = [0, 0];
    for (let at = first; at < values.length; at += width) {
      if (Number.isNaN(values[at])) continue;
      sum += part(values[at]!);
      known++;
    }
    return sum / known;
  };
  const mean = meanOf((value) => value);
  return { mean, deviation: Math.sqrt(meanOf((value) => (value - mean) ** 2)) || 1 };
}
