/** What an import of recordings would find, in words. */
import { formatRate, formatSpan } from '../../delimited/time.ts';
import type { Doubt } from '../../../contract/messages/rpc.ts';
import type { ImportOptions } from '../../../contract/recipe/recipe.ts';
import { countPlaces } from '../../reading/placed.ts';
import type { Found } from '../../reading/types.ts';
import type { RecordingFacts } from './facts.ts';
import { kindOfImport } from '../kind-of-import.ts';
import { preparationWords } from '../preparation/plan.ts';
import { shortDoubts } from '../short-recordings.ts';
import type { RecordedFiles, RecordedPlan } from './plan.ts';

const SHOWN = 3;

export function describeRecordings(
  { placing, named, files, facts, unreadable, plan }: RecordedFiles,
  options: ImportOptions,
  source: string,
): Found {
  const notes = [`${files.length} ${files.length === 1 ? 'recording' : 'recordings'}.`];
  for (const { path, message } of unreadable.slice(0, SHOWN)) notes.push(`“${path}”: ${message}`);
  if (!plan) return { classes: [], notes, doubts: unclear(unreadable) };
  const places = countPlaces(placing, named, options);
  const fromFiles = plan.labelSource === 'files';
  return {
    ...places,
    ...(fromFiles
      ? {}
      : { classes: classesOf(plan, facts, options), unlabeled: 0, labelsFrom: 'nothing' as const }),
    notes: [...notes, ...facts.slice(0, SHOWN).map(words), ...planWords(plan), ...places.notes],
    signalKind: kindOfImport(
      plan,
      plan.channels.map(({ unit }) => unit),
      plan.rate,
      options,
      source,
    ),
    preparation: { rate: plan.rate, channels: plan.channels.length },
    doubts: [...(fromFiles ? places.doubts : []), ...plan.doubts, ...tooShort(plan, facts)],
  };
}

/** The longest stretch of each recording, beside a window. */
function tooShort({ cut, length, rate }: RecordedPlan, facts: readonly RecordingFacts[]): Doubt[] {
  if (cut !== 'sliding' || length === null) return [];
  const rows = facts.map(({ tracks }) => {
    const ratio = rate === null || !tracks[0]?.rate ? 1 : rate / tracks[0].rate;
    const longest = Math.max(0, ...(tracks[0]?.stretches ?? []).map(({ start, end }) => end - start));
    return Math.ceil(longest * ratio);
  });
  return shortDoubts(rows, length);
}

/** Files that cannot be read before somebody says what their axes are. */
function unclear(unreadable: RecordedFiles['unreadable']): Found['doubts'] {
  const found = unreadable.find(({ reason }) => reason.endsWith('unclear'));
  if (!found) return [];
  const isAxes = found.reason === 'axes-unclear';
  return [
    {
      code: `recordings.${found.reason}`,
      message: found.message,
      remedy: isAxes ? 'Say what the axes are (axes).' : 'Name the array of the data (variable).',
      blocking: true,
    },
  ];
}

/** “S001R04.edf”: EDF+C, 64 channels at 160 Hz, 2 min 5 s, begun 2009-08-12T16:15:00, 30 events. */
function words({ path, format, tracks, events, subject, start }: RecordingFacts): string {
  const parts = tracks.map(({ channels, rate, length, stretches }) => {
    const count = `${channels.length} ${channels.length === 1 ? 'channel' : 'channels'}`;
    const trials = stretches.some(({ label }) => label !== undefined) ? `, ${stretches.length} trials` : '';
    if (rate === null) return `${count}, ${length} rows${trials}`;
    return `${count} at ${formatRate(rate)}${trials}, ${formatSpan(length / rate)}`;
  });
  const gaps = tracks[0]!.stretches.length - 1;
  const [stretch] = tracks[0]!.stretches;
  return [
    `“${path}”: ${[format, ...parts].join(', ')}`,
    ...(gaps > 0 && stretch?.label === undefined ? [`${gaps} ${gaps === 1 ? 'gap' : 'gaps'}`] : []),
    ...(subject === null ? [] : [`of ${subject}`]),
    ...(start === null ? [] : [`begun ${start.replace('T', ' ')}`]),
    ...(events.length === 0 ? [] : [`${events.length} events`]),
  ].join(', ');
}

function planWords(plan: RecordedPlan): string[] {
  const { channels, rate, eventNames, labelSource, cut, length, stride } = plan;
  const units = [...new Set(channels.map(({ unit }) => unit ?? 'no unit'))];
  const names = channels.slice(0, 12).map(({ name }) => name);
  const notes = [
    `${channels.length} ${channels.length === 1 ? 'channel' : 'channels'} in ${units.slice(0, 4).join(', ')}: ${names.join(', ')}${channels.length > 12 ? ` and ${channels.length - 12} more` : ''}.`,
  ];
  if (eventNames.size > 0)
    notes.push(
      `Events: ${[...eventNames]
        .slice(0, 12)
        .map(([name, count]) => `“${name}” ${count}`)
        .join(', ')}${eventNames.size > 12 ? ` and ${eventNames.size - 12} other names` : ''}.`,
    );
  notes.push(`Labels come from ${SOURCES[labelSource]}.`);
  const seconds = rate === null || length === null ? '' : ` (${formatSpan(length / rate)})`;
  const windows = {
    whole: 'Each trial is one sample; shorter ones are filled with zeros at their end.',
    around: `One window of ${length} rows${seconds} for each event.`,
    inside: `Windows of ${length} rows${seconds}, one every ${stride}, within each labelled stretch.`,
    sliding: `Windows of ${length} rows${seconds}, one every ${stride}.`,
  };
  return [...notes, ...preparationWords(plan), windows[cut]];
}

const SOURCES: Record<RecordedPlan['labelSource'], string> = {
  events: 'the events',
  marker: 'the marker channel',
  trials: 'the trials of the file',
  files: 'the files: their folders, names or a table',
  nothing: 'nowhere',
};

/** Classes that events or trials give, with how many there are in the files looked at. */
function classesOf(
  { labelSource, eventNames }: RecordedPlan,
  facts: readonly RecordingFacts[],
  { signals: { classNames } }: ImportOptions,
): Found['classes'] {
  const counts = new Map<string, number>();
  const add = (name: string, count: number) => counts.set(name, (counts.get(name) ?? 0) + count);
  if (labelSource === 'events')
    for (const [name, count] of eventNames) {
      const named = classNames ? classNames[name] : name;
      if (named !== undefined) add(named, count);
    }
  if (labelSource === 'trials')
    for (const { tracks } of facts)
      for (const { label } of tracks[0]!.stretches) if (label != null) add(classNames?.[label] ?? label, 1);
  return [...counts].slice(0, 200).map(([name, files]) => ({ name, files }));
}
