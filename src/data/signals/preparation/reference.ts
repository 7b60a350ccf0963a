/** What channels are measured against: the average of all, one of them, or each against another (bipolar). */
import { PretextError } from '../../../contract/errors.ts';
import { channelKey } from '../../../contract/data/recordings/electrodes.ts';

export interface Reference {
  /** Of the channels that come out. */
  names: string[];
  words: string;
  /** @param values [rows, channels in] @returns [rows, channels out] */
  apply(values: Float32Array): Float32Array;
}

/**
 * @param told `average`, the name of a channel, or pairs such as `Fp1-F3, F3-C3`
 * @throws PretextError `recordings.reference` for a channel that is not there
 */
export function referenceOf(told: string, names: readonly string[]): Reference {
  const text = told.trim();
  if (/^(average|avg|car)$/i.test(text)) return average(names);
  const placeOf = (name: string) => names.findIndex((one) => channelKey(one) === channelKey(name));
  const alone = placeOf(text);
  if (alone !== -1) return oneChannel(names, alone);
  const pairs = text.split(',').map((pair) => splitPair(pair.trim(), placeOf));
  return bipolar(names, pairs);
}

/** `Fp1-F3`; names may hold dashes themselves, so every one is tried. */
function splitPair(pair: string, placeOf: (name: string) => number): [number, number] {
  for (let at = pair.indexOf('-'); at > 0; at = pair.indexOf('-', at + 1)) {
    const [one, other] = [placeOf(pair.slice(0, at)), placeOf(pair.slice(at + 1))];
    if (one !== -1 && other !== -1 && one !== other) return [one, other];
  }
  throw new PretextError({
    code: 'recordings.reference',
    message: `The reference “${pair}” is neither average, nor a channel, nor two of them parted by a dash.`,
    place: 'options.prepare.steps',
    remedy: 'Write average, the name of a channel, or pairs such as Fp1-F3, F3-C3.',
  });
}

function average(names: readonly string[]): Reference {
  const width = names.length;
  return {
    names: [...names],
    words: 'measured against the average of all channels',
    apply(values) {
      const result = new Float32Array(values.length);
      for (let start = 0; start < values.length; start += width) {
        let sum = 0;
        for (let at = start; at < start + width; at += 1) sum += values[at]!;
        for (let at = start; at < start + width; at += 1) result[at] = values[at]! - sum / width;
      }
      return result;
    },
  };
}

/** The channel itself would be zero everywhere: it is left out. */
function oneChannel(names: readonly string[], reference: number): Reference {
  const others = names.flatMap((_, at) => (at === reference ? [] : [at]));
  return {
    ...bipolar(
      names,
      others.map((at): [number, number] => [at, reference]),
    ),
    names: others.map((at) => names[at]!),
    words: `measured against ${names[reference]}, which is left out`,
  };
}

function bipolar(names: readonly string[], pairs: readonly [number, number][]): Reference {
  const width = names.length;
  return {
    names: pairs.map(([one, other]) => `${names[one]}-${names[other]}`),
    words: `${pairs.length} pairs of channels, each against the other`,
    apply(values) {
      const rows = values.length / width;
      const result = new Float32Array(rows * pairs.length);
      for (let row = 0; row < rows; row += 1)
        for (let at = 0; at < pairs.length; at += 1) {
          const [one, other] = pairs[at]!;
          result[row * pairs.length + at] = values[row * width + one]! - values[row * width + other]!;
        }
      return result;
    },
  };
}
