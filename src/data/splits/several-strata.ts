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
  const scales = names.map((_, at) => {
    const own: number[] = [];
    for (let i = at; i < values.length; i += width) if (!Number.isNaN(values[i])) own.push(values[i]!);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length;
    return { mean, deviation: Math.sqrt(variance) || 1 };
  });
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
