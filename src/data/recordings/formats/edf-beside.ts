/** Annotations of an EDF in a file of their own beside it, as scorers of sleep keep them (`…-PSG`, `…-Hypnogram`). */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openBytes } from '../bytes.ts';
import { openEdf } from './edf.ts';
import { FileProblem } from '../../problem.ts';
import { byTime, type Recording } from '../recording.ts';

const SCORED = /[-_ ](hypnogram|scoring|annotations?|events)\.(edf|bdf)$/i;

/** What is before the last dash, without the letter that tells who scored. */
const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '').replace(/[-_ ][^-_ ]*$/, '');
const isSameNight = (one: string, other: string): boolean =>
  one === other || (one.length > 4 && one.length === other.length && one.slice(0, -1) === other.slice(0, -1));

/** @throws FileProblem `annotations-only` for a file without signals */
export async function openEdfFile(path: string): Promise<Recording> {
  const recording = await openWhole(path);
  if (recording.tracks.length === 0) {
    await recording.close();
    throw new FileProblem(
      'annotations-only',
      'The file holds annotations and no signals. It is used with the recording that it lies beside, of the same name before the last dash.',
    );
  }
  if (recording.events.length > 0) return recording;
  try {
    const beside = await annotationsBeside(path);
    if (!beside) return recording;
    const shift = secondsBetween(recording.start, beside.start);
    const events = beside.events.map((event) => ({ ...event, seconds: event.seconds + shift }));
    const notes = [...recording.notes, `Its events come from “${beside.name}” beside it.`];
    return { ...recording, events: byTime(events), notes };
  } catch (error) {
    await recording.close();
    throw error;
  }
}

async function openWhole(path: string): Promise<Recording> {
  const source = await openBytes(path);
  try {
    return await openEdf(source);
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function annotationsBeside(path: string) {
  const own = basename(path);
  const names = await readdir(dirname(path));
  const name = names.find((one) => one !== own && SCORED.test(one) && isSameNight(stemOf(one), stemOf(own)));
  if (name === undefined) return null;
  const { tracks, events, start, close } = await openWhole(join(dirname(path), name));
  await close();
  return tracks.length === 0 ? { name, events, start } : null;
}

function secondsBetween(one: string | null, other: string | null): number {
  if (one === null || other === null) return 0;
  const seconds = (Date.parse(`${other}Z`) - Date.parse(`${one}Z`)) / 1000;
  return Number.isFinite(seconds) ? seconds : 0;
}
