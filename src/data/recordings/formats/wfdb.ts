/** WFDB records (PhysioNet): a header of text, samples in one or more files, annotations beside them. */
import { oneStretch, type Recording, type Track } from '../recording.ts';
import { hasSegments } from './wfdb-header.ts';
import { openRecord, readEvents, readHeader, readRows, type PlacedSignal } from './wfdb-record.ts';
import { openWfdbSegments } from './wfdb-segments.ts';

/** @param path of the header, `.hea` */
export async function openWfdb(path: string): Promise<Recording> {
  const text = await readHeader(path);
  if (hasSegments(text)) return openWfdbSegments(path, text);
  const { header, signals, frames, close } = await openRecord(path, text);
  try {
    const { events, notes } = await readEvents(path, header.frameRate, frames);
    return {
      format: `WFDB ${[...new Set(signals.map(({ format }) => format))].join(', ')}`,
      tracks: [...Map.groupBy(signals, ({ samplesPerFrame }) => samplesPerFrame).values()]
        .map((group) => createTrack(group, header.frameRate, frames))
        .sort((one, other) => other.channels.length - one.channels.length),
      events,
      subject: null,
      start: header.start,
      notes: [...header.notes, ...notes],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function createTrack(signals: readonly PlacedSignal[], frameRate: number | null, frames: number): Track {
  const perFrame = signals[0]!.samplesPerFrame;
  const length = frames * perFrame;
  return {
    rate: frameRate === null ? null : frameRate * perFrame,
    channels: signals.map(({ name, unit }) => ({ name, unit })),
    length,
    stretches: oneStretch(length),
    read: (from, to) => readRows(signals, from, to),
  };
}
