/** How the recordings of an import are read together: for the look, and for the import. */
import type { ImportOptions } from '../../../contract/recipe/recipe.ts';
import type { FaultOptions } from '../../../contract/data/recordings/faults.ts';
import type { Doubt } from '../../../contract/messages/rpc.ts';
import { spread } from '../../delimited/dialect.ts';
import { formatRate } from '../../delimited/time.ts';
import type { IssueList } from '../../reading/issues.ts';
import type { ListedFile, Listing } from '../../reading/listing.ts';
import { planPlaces, type PlacedFile, type Placing } from '../../reading/placed.ts';
import { channelsOf, isTrigger, type PlannedChannel } from './channels.ts';
import { channelKey } from '../../../contract/data/recordings/electrodes.ts';
import { planPreparation, type PreparationPlan } from '../preparation/plan.ts';
import { factsOf, type OpenRecording, type RecordingFacts, type Unreadable } from './facts.ts';
import type { RecordedOptions } from './options.ts';

export type LabelSource = Exclude<RecordedOptions['labelSource'], 'auto'>;

export interface RecordedPlan extends PreparationPlan {
  /** As they are read. */
  channels: PlannedChannel[];
  /** Rows a second as they are stored; null where nothing says it. */
  rate: number | null;
  labelSource: LabelSource;
  cut: 'inside' | 'around' | 'whole' | 'sliding';
  /** Rows of a window; of whole trials it is known when all were looked at. */
  length: number | null;
  stride: number;
  /** Events of the files that were looked at, with how many there are. */
  eventNames: Map<string, number>;
  doubts: Doubt[];
  faults: FaultOptions;
}

export interface RecordedFiles {
  placing: Placing;
  named: ListedFile[];
  files: PlacedFile[];
  facts: RecordingFacts[];
  unreadable: Unreadable[];
  /** Null where no file could be read. */
  plan: RecordedPlan | null;
}

const LOOKED_AT = 16;
/** Of events: this share without a duration makes them moments. */
const MOMENTS = 0.9;

/** @throws PretextError for a label file, a path pattern or roles of folders that cannot be used */
export async function planRecordings(
  listing: Listing,
  named: ListedFile[],
  open: OpenRecording,
  options: ImportOptions,
  own: RecordedOptions,
  issues: IssueList,
): Promise<RecordedFiles> {
  const placing = await planPlaces(listing, named, options, issues);
  const files = named.flatMap((file) => (placing.isLabelFile(file) ? [] : (placing.placeOf(file) ?? [])));
  const first = spread(files, LOOKED_AT).map(({ file }) => file);
  let { facts, unreadable } = await factsOf(first, open);
  for (const { file } of facts.length > 0 ? [] : files.filter((one) => !first.includes(one.file))) {
    const more = await factsOf([file], open);
    facts = more.facts;
    unreadable = [...unreadable, ...more.unreadable];
    if (facts.length > 0) break;
  }
  const filesHaveLabels =
    placing.filesGiveLabels || new Set(files.map(({ place }) => place.className)).size > 1;
  const plan = facts.length > 0 ? makePlan(facts, options, own, filesHaveLabels) : null;
  return { placing, named, files, facts, unreadable, plan };
}

function makePlan(
  facts: readonly RecordingFacts[],
  options: ImportOptions,
  own: RecordedOptions,
  filesHaveLabels: boolean,
): RecordedPlan {
  const doubts: Doubt[] = [];
  const { resampleTo, windowLength, windowStride } = options.signals;
  const channels = commonChannels(facts, options, own, doubts);
  const fileRate = rateOf(facts, options, doubts);
  const rate = resampleTo ?? fileRate;
  const eventNames = countEvents(facts);
  const labelSource = sourceOf(facts, eventNames, own, filesHaveLabels, doubts);
  const cut = cutOf(facts, own, labelSource);
  if (fileRate === null)
    doubts.push(
      rateDoubt(
        cut === 'around' || resampleTo !== undefined,
        cut === 'whole' || options.signals.withoutRate === true,
      ),
    );
  if (cut === 'inside' && labelSource === 'events') doubts.push(...momentDoubts(facts, options));
  const around = cut === 'around' ? Math.round((own.eventTo - own.eventFrom) * (rate ?? 1)) : null;
  if (around !== null && around < 1)
    doubts.push({
      code: 'recordings.empty-window',
      message: `A window from ${own.eventFrom} s to ${own.eventTo} s around an event has no length.`,
      remedy: 'Set eventFrom and eventTo so that the window ends after it begins.',
      blocking: true,
    });
  const length = cut === 'whole' ? null : (around ?? windowLength);
  const { doubts: unprepared, ...prepared } = planPreparation(channels, rate, own.prepare);
  doubts.push(...unprepared);
  return {
    ...prepared,
    channels,
    rate,
    labelSource,
    cut,
    length,
    stride: around ?? windowStride ?? windowLength,
    eventNames,
    doubts,
    faults: own.faults,
  };
}

/** Named ones, else those that all have; what carries codes is left out unless it is named. */
function commonChannels(
  facts: readonly RecordingFacts[],
  { signals: { channels: wanted, resampleTo } }: ImportOptions,
  { marker }: RecordedOptions,
  doubts: Doubt[],
): PlannedChannel[] {
  const [first, ...others] = facts;
  // Without another rate to bring all to, only channels of one rate fit together.
  const usable = ({ tracks }: RecordingFacts) =>
    channelsOf(resampleTo === undefined ? tracks.slice(0, 1) : tracks);
  const isMarker = ({ key }: PlannedChannel) => marker !== undefined && key === channelKey(marker);
  const all = facts.map((one) => channelsOf(one.tracks));
  if (wanted) {
    const known = all[0]!;
    const find = (name: string) => known.find(({ key }) => key === channelKey(name));
    return wanted.map((told) => {
      // A name may hold the sign itself.
      const at = find(told) ? -1 : told.indexOf('=');
      const name = told.slice(at + 1).trim();
      const found = find(name);
      if (!found)
        doubts.push({
          code: 'recordings.no-channel',
          message: `“${first!.path}” has no channel “${name}”. It has ${listed(known.map((one) => one.name))}.`,
          remedy: 'Name channels as the files do (channels).',
          blocking: true,
        });
      const renamed = at === -1 ? name : told.slice(0, at).trim();
      return { key: channelKey(name), name: renamed, unit: found?.unit ?? null };
    });
  }
  const mine = usable(first!).filter((one) => !isTrigger(one) && !isMarker(one));
  const keysOf = others.map((one) => new Set(usable(one).map(({ key }) => key)));
  const common = mine.filter(({ key }) => keysOf.every((keys) => keys.has(key)));
  const some = new Set(
    facts.flatMap((one) =>
      usable(one)
        .filter((channel) => !isTrigger(channel))
        .map(({ key }) => key),
    ),
  );
  if (common.length === 0)
    doubts.push({
      code: 'recordings.no-common-channel',
      message: 'The recordings have no channel in common.',
      remedy: 'Import those of one montage, or name the channels (channels).',
      blocking: true,
    });
  else if (common.length < some.size - (marker === undefined ? 0 : 1))
    doubts.push({
      code: 'recordings.common-channels',
      message: `Recordings differ in their channels: the ${common.length} that all have are taken, of ${some.size}.`,
      remedy: 'Name the channels to take (channels); recordings without one of them are left out.',
      blocking: false,
    });
  const slower = first!.tracks.slice(1).flatMap(({ channels }) => channels);
  if (resampleTo === undefined && slower.length > 0)
    doubts.push({
      code: 'recordings.other-rates-inside',
      message: `${listed(slower.map(({ name }) => name))} ${slower.length === 1 ? 'was' : 'were'} recorded at another rate (${first!.tracks.map(({ rate }) => formatRate(rate ?? 0)).join(', ')}) and ${slower.length === 1 ? 'is' : 'are'} left out.`,
      remedy: 'To take all channels, bring them to one rate (resample to).',
      blocking: false,
    });
  const triggers = all[0]!.filter((one) => isTrigger(one) && !isMarker(one));
  if (triggers.length > 0)
    doubts.push({
      code: 'recordings.trigger-channel',
      message: `${listed(triggers.map(({ name }) => name))} carries codes, not measurements, and is not taken as a channel.`,
      remedy: 'To take labels from it, name it (marker channel); to take it as a channel, name the channels.',
      blocking: false,
    });
  return common.map(({ key, name, unit }) => ({ key, name, unit }));
}

const listed = (names: readonly string[]): string =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');

/** Headers say rates exactly; 1 / 0.00390625 is one of 256 Hz, and 250 Hz is none of 256. */
export const isSameRate = (one: number, other: number): boolean => Math.abs(one - other) <= 1e-3 * other;

/** What most files have; the others are left out unless all are brought to one. */
function rateOf(
  facts: readonly RecordingFacts[],
  { signals: { samplingRate, resampleTo } }: ImportOptions,
  doubts: Doubt[],
): number | null {
  if (samplingRate !== undefined) return samplingRate;
  const rates = facts.flatMap(({ tracks }) => tracks[0]?.rate ?? []);
  const counts = new Map<number, number>();
  for (const rate of rates) {
    const known = [...counts.keys()].find((one) => isSameRate(one, rate)) ?? rate;
    counts.set(known, (counts.get(known) ?? 0) + 1);
  }
  const [most, ...others] = [...counts].sort((one, other) => other[1] - one[1]);
  if (!most) return null;
  if (others.length > 0 && resampleTo === undefined)
    doubts.push({
      code: 'recordings.rates-differ',
      message: `Of ${rates.length} recordings looked at, ${[most, ...others].map(([rate, count]) => `${count} hold ${formatRate(rate)}`).join(', ')}. Only those of ${formatRate(most[0])} are taken.`,
      remedy: 'To take all, bring them to one rate (resample to).',
      blocking: false,
    });
  return most[0];
}

/** Whole trials are as long as they are, and whoever says that the rate is not known is not asked again. */
const rateDoubt = (isNeeded: boolean, isKnownToBeUnknown: boolean): Doubt => ({
  code: 'recordings.rate-unknown',
  message: isNeeded
    ? 'The files do not say how many samples they hold a second, and that is needed here.'
    : 'The files do not say how many samples they hold a second. None is assumed: windows are counted in samples.',
  remedy: isNeeded
    ? 'Give the sampling rate (sampling rate).'
    : 'Give the sampling rate (sampling rate), or say that it is not known (without rate).',
  blocking: isNeeded || !isKnownToBeUnknown,
});

function countEvents(facts: readonly RecordingFacts[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { events } of facts)
    for (const { name } of events) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map([...counts].sort((one, other) => other[1] - one[1]));
}

/** Events without a duration that are classes: nothing lies inside of them. */
function momentDoubts(facts: readonly RecordingFacts[], { signals: { classNames } }: ImportOptions): Doubt[] {
  const lasting = new Set<string>();
  const names = new Set<string>();
  for (const { events } of facts)
    for (const { name, duration } of events) {
      if (classNames && classNames[name] === undefined) continue;
      names.add(name);
      if (duration > 0) lasting.add(name);
    }
  const moments = [...names].filter((name) => !lasting.has(name));
  if (moments.length === 0) return [];
  return [
    {
      code: 'recordings.moments',
      message: `${listed(moments.map((name) => `“${name}”`))} ${moments.length === 1 ? 'is a moment' : 'are moments'} without a duration: no window lies inside.`,
      remedy: 'For windows around events, say so (windows: around).',
      blocking: false,
    },
  ];
}

const hasTrials = (facts: readonly RecordingFacts[]): boolean =>
  facts.some(({ tracks }) => tracks[0]?.stretches.some(({ label }) => label !== undefined));

function sourceOf(
  facts: readonly RecordingFacts[],
  eventNames: Map<string, number>,
  own: RecordedOptions,
  filesHaveLabels: boolean,
  doubts: Doubt[],
): LabelSource {
  if (own.labelSource !== 'auto') return own.labelSource;
  if (own.marker !== undefined) return 'marker';
  if (hasTrials(facts)) return 'trials';
  const hasEvents = eventNames.size > 1;
  if (hasEvents && filesHaveLabels)
    doubts.push({
      code: 'recordings.labels-unclear',
      message: `The files hold events (${listed([...eventNames.keys()])}), and their folders or names give labels, too.`,
      remedy: 'Say where labels come from (labels come from: events or files).',
      blocking: true,
    });
  if (filesHaveLabels) return 'files';
  return hasEvents ? 'events' : 'nothing';
}

function cutOf(
  facts: readonly RecordingFacts[],
  { cut }: RecordedOptions,
  labelSource: LabelSource,
): RecordedPlan['cut'] {
  const fromEvents = labelSource === 'events' || labelSource === 'marker';
  if (cut === 'whole' || (cut === 'auto' && hasTrials(facts) && !fromEvents)) return 'whole';
  if (!fromEvents) return 'sliding';
  if (cut !== 'auto') return cut;
  const events = facts.flatMap((one) => one.events);
  const moments = events.filter(({ duration }) => duration === 0).length;
  return labelSource === 'events' && moments > MOMENTS * events.length ? 'around' : 'inside';
}
