/** Arrays with names (of .mat, .npz, HDF5) as a recording: which one holds the data, and what its axes are. */
import { FileProblem } from '../problem.ts';
import { byTime, oneStretch, type RecordedEvent, type Recording, type Track } from './recording.ts';
import { trialStretches, type Axis } from './strided.ts';

export interface NamedArray {
  /** Fields of structures are parted by points: `data.X`. */
  name: string;
  dims: number[];
  /** Texts are names and labels, and never the data. */
  kind: 'numbers' | 'texts';
  /** @returns [to − from, channels], trials one behind the other */
  rows(axes: readonly Axis[], from: number, to: number): Promise<Float32Array>;
  /** All of a small array, in the order of its file. */
  values(): Promise<number[] | string[]>;
}

/** What a person says of the arrays; what is left out is found. */
export interface ArrayChoices {
  /** Name of the array that holds the data. */
  variable?: string | undefined;
  axes?: readonly Axis[] | undefined;
  labels?: string | undefined;
  groups?: string | undefined;
}

const RATE = /^(fs|srate|s_?freq|fsample|sf|sampl(e|ing)_?(rate|freq(uency)?)|hz)$/i;
const CHANNELS = /^(ch(an(nel)?)?_?(names?|labels?|s)|channels|clab|electrodes?(_names?)?)$/i;
const LABELS = /^(y|labels?|class(es)?|targets?|y_?(train|test|valid(ation)?|all)|true_?y)$/i;
const GROUPS = /^(group|subject|session|patient|participant|site|run)(s|_?ids?)?$/i;
const SUBJECT = /^(subject|patient|participant)(_?id)?$/i;
/** The other arrays have to be this much smaller before the largest is taken for the data. */
const CLEARLY_LARGER = 2;
/** Time is this much longer than there are channels before it is taken for time. */
const CLEARLY_LONGER = 4;
const MOST_SMALL = 5_000_000;

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const sizeOf = ({ dims }: NamedArray): number => dims.reduce((product, size) => product * size, 1);

interface Parts {
  data: NamedArray;
  labels: NamedArray | null;
  groups: NamedArray | null;
  names: string[] | null;
  rate: number | null;
  subject: string | null;
}

/** @throws FileProblem where it is not clear which array is the data, or what its axes are */
export async function recordingOfArrays(
  format: string,
  arrays: readonly NamedArray[],
  choices: ArrayChoices,
  close: () => Promise<void>,
): Promise<Recording> {
  const parts = await findParts(arrays, choices);
  const { data, labels, groups, names, rate, subject } = parts;
  const lengths = [labels, groups].filter((one) => one !== null).map(sizeOf);
  const axes = choices.axes
    ? checkedAxes(data, choices.axes)
    : findAxes(data, lengths, names?.length ?? null);
  const along = (axis: Axis) => (axes.includes(axis) ? data.dims[axes.indexOf(axis)]! : 1);
  const [trials, steps, channels] = [along('trial'), along('time'), along('channel')];
  const length = trials * steps;
  const labelOf = labels && (await smallTexts(labels));
  const groupOf = groups && (await smallTexts(groups));
  const hasTrials = axes.includes('trial');
  for (const [one, values] of [
    [labels, labelOf],
    [groups, groupOf],
  ] as const)
    if (one && values && values.length !== trials && (hasTrials || values.length !== length))
      throw new FileProblem(
        'other-count',
        `“${one.name}” has ${values.length} values, “${data.name}” ${hasTrials ? `${trials} trials` : `${length} rows`}.`,
      );
  const track: Track = {
    rate,
    channels: Array.from({ length: channels }, (_, index) => ({
      name: (names?.length === channels ? names[index] : undefined) ?? `channel ${index + 1}`,
      unit: null,
    })),
    length,
    stretches: hasTrials
      ? trialStretches(trials, steps, (trial) => ({
          ...(labelOf && { label: labelOf[trial] ?? null }),
          ...(groups && groupOf && { columns: { [columnName(groups.name)]: groupOf[trial]! } }),
        }))
      : oneStretch(length),
    read: (from, to) => data.rows(axes, from, to),
  };
  return {
    format,
    tracks: [track],
    events: !hasTrials && labelOf?.length === length && length > 1 ? runsOf(labelOf, rate) : [],
    subject,
    start: null,
    notes: [
      `The data are “${data.name}” (${data.dims.map((size, at) => `${size} ${words[axes[at]!]}`).join(' × ')}).`,
      ...(names && names.length !== channels
        ? [`The file has ${names.length} names for ${channels} channels: they are numbered instead.`]
        : []),
    ],
    close,
  };
}

const words: Record<Axis, string> = { trial: 'trials', time: 'in time', channel: 'channels' };

async function findParts(arrays: readonly NamedArray[], choices: ArrayChoices): Promise<Parts> {
  const named = (name: string | undefined, what: string): NamedArray | null => {
    if (name === undefined) return null;
    const found = arrays.find((array) => array.name === name);
    if (found) return found;
    throw new FileProblem('no-variable', `There is no “${name}” for the ${what}: ${listed(arrays)}.`);
  };
  const matching = (pattern: RegExp, fits: (array: NamedArray) => boolean) =>
    arrays.find((array) => pattern.test(lastPart(array.name)) && fits(array)) ?? null;
  const isRow = (array: NamedArray) => array.dims.filter((size) => size > 1).length <= 1;
  const labels = named(choices.labels, 'labels') ?? matching(LABELS, (one) => isRow(one) && sizeOf(one) > 1);
  const groups = named(choices.groups, 'groups') ?? matching(GROUPS, (one) => isRow(one) && sizeOf(one) > 1);
  const rateArray = matching(RATE, (one) => one.kind === 'numbers' && sizeOf(one) === 1);
  const namesArray = matching(CHANNELS, (one) => one.kind === 'texts');
  const subjectArray = matching(SUBJECT, (one) => sizeOf(one) === 1 || one.kind === 'texts');
  const used = [labels, groups, rateArray, namesArray, subjectArray];
  const data =
    named(choices.variable, 'data') ??
    largest(arrays.filter((one) => !used.includes(one) && one.kind === 'numbers' && sizeOf(one) > 1));
  const rate = rateArray ? Number((await rateArray.values())[0]) : null;
  return {
    data,
    labels,
    groups,
    names: namesArray ? await smallTexts(namesArray) : null,
    rate: rate !== null && rate > 0 && Number.isFinite(rate) ? rate : null,
    subject:
      subjectArray && subjectArray !== groups ? ((await smallTexts(subjectArray))[0]?.trim() ?? null) : null,
  };
}

/** @throws FileProblem */
function largest(arrays: readonly NamedArray[]): NamedArray {
  const [first, second] = [...arrays].sort((one, other) => sizeOf(other) - sizeOf(one));
  if (!first) throw new FileProblem('empty', 'The file holds no array of numbers.');
  if (second && sizeOf(first) < CLEARLY_LARGER * sizeOf(second))
    throw new FileProblem(
      'variable-unclear',
      `“${first.name}” and “${second.name}” could both be the data. Name the one that is (variable): ${listed(arrays)}.`,
    );
  return first;
}

const listed = (arrays: readonly NamedArray[]): string =>
  arrays
    .slice(0, 12)
    .map(({ name, dims }) => `“${name}” (${dims.join(' × ')})`)
    .join(', ') || 'the file holds no arrays';

function checkedAxes({ name, dims }: NamedArray, axes: readonly Axis[]): Axis[] {
  if (dims.length === 1 && axes.includes('time')) return ['time'];
  if (axes.length !== dims.length || new Set(axes).size !== axes.length || !axes.includes('time'))
    throw new FileProblem(
      'axes',
      `“${name}” has ${dims.length} axes (${dims.join(' × ')}); “${axes.join(' × ')}” does not fit.`,
    );
  return [...axes];
}

/**
 * What the axes are, where sizes tell it.
 * @param alike how many labels and groups there are
 * @param names how many names of channels there are
 * @throws FileProblem `axes-unclear`
 */
export function findAxes(data: NamedArray, alike: readonly number[], names: number | null): Axis[] {
  const { dims } = data;
  const wide = dims.flatMap((size, at) => (size > 1 ? [at] : []));
  if (dims.length > 3 || dims.length === 0)
    throw new FileProblem('axes', `“${data.name}” has ${dims.length} axes; recordings have one to three.`);
  if (dims.length <= 2 && wide.length <= 1) {
    const time = wide[0] ?? dims.length - 1;
    return dims.map((_, at) => (at === time ? 'time' : 'channel'));
  }
  const only = (size: number | null) => {
    const found = size === null ? [] : dims.flatMap((one, at) => (one === size ? [at] : []));
    return found.length === 1 ? found[0]! : null;
  };
  const channel = only(names);
  const trial = alike.map(only).find((at) => at !== null) ?? null;
  if (dims.length === 3) {
    const left = [0, 1, 2].filter((at) => at !== trial && at !== channel);
    if (trial !== null && channel !== null && trial !== channel) return named3(trial, left[0]!, channel);
    if (trial !== null) {
      const rest = [0, 1, 2].filter((at) => at !== trial);
      const time = clearlyLonger(dims, rest);
      if (time !== null)
        return named3(
          trial,
          time,
          rest.find((at) => at !== time)!,
        );
    }
    throw unclear(data);
  }
  if (channel !== null) return channel === 0 ? ['channel', 'time'] : ['time', 'channel'];
  const time = clearlyLonger(dims, [0, 1]);
  // Labels for every row are labels in time, others are those of trials of one channel.
  if (trial !== null && trial !== time) return trial === 0 ? ['trial', 'time'] : ['time', 'trial'];
  if (time === null) throw unclear(data);
  return time === 0 ? ['time', 'channel'] : ['channel', 'time'];
}

const named3 = (trial: number, time: number, channel: number): Axis[] => {
  const axes: Axis[] = [];
  [axes[trial], axes[time], axes[channel]] = ['trial', 'time', 'channel'];
  return axes;
};

function clearlyLonger(dims: readonly number[], [one, other]: readonly number[]): number | null {
  const [first, second] = [dims[one!]!, dims[other!]!];
  if (first >= CLEARLY_LONGER * second) return one!;
  return second >= CLEARLY_LONGER * first ? other! : null;
}

const unclear = ({ name, dims }: NamedArray): FileProblem =>
  new FileProblem(
    'axes-unclear',
    `“${name}” is ${dims.join(' × ')}, and nothing tells which axis is time. Say what its axes are (axes), for example ${dims.length === 3 ? 'trial × channel × time' : 'channel × time'}.`,
  );

/** Values as a person would write them; 3, not 3.0. */
async function smallTexts(array: NamedArray): Promise<string[]> {
  if (sizeOf(array) > MOST_SMALL)
    throw new FileProblem(
      'too-many',
      `“${array.name}” has ${sizeOf(array)} values, too many for labels or names.`,
    );
  return (await array.values()).map((value) => String(value).trim());
}

/** “subjects” is a column of a subject. */
const columnName = (name: string): string =>
  lastPart(name)
    .toLowerCase()
    .replace(/_?ids?$/, '')
    .replace(/s$/, '');

/** Equal labels in a row, as events that last. Without a rate a row counts as a second. */
function runsOf(labels: readonly string[], rate: number | null): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  for (let start = 0; start < labels.length;) {
    let end = start + 1;
    while (end < labels.length && labels[end] === labels[start]) end += 1;
    events.push({
      seconds: start / (rate ?? 1),
      duration: (end - start) / (rate ?? 1),
      name: labels[start]!,
    });
    start = end;
  }
  return byTime(events);
}
