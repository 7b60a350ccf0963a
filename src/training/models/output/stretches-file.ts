/** Stretches of recordings as files: a table of all, or EDF+ files of annotations. They appear whole or not at all. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { PretextError } from '../../../contract/errors.ts';
import type { Model } from '../../../contract/model/model.ts';
import type { Prediction } from '../../../contract/model/prediction.ts';
import type { StretchOutput, WrittenStretches } from '../../../contract/model/stretches.ts';
import { stretchesOf, type Stretch } from '../../../learning/evaluation/predictions/stretches.ts';
import { requirePlaceFor } from '../../../machine/place-for-file.ts';
import { flushAtOnce, giveName } from '../../../machine/replace-file.ts';
import { edfOfAnnotations } from './edf-annotations.ts';
import { writeTable } from './formats.ts';

export interface StretchesFile {
  /** Answers of one recording come together, in the order of time. */
  add(row: Prediction): Promise<void>;
  /** Gives the files their names. */
  finish(): Promise<WrittenStretches>;
  /** Takes away what has no name yet. */
  close(): Promise<void>;
}

/** What takes the stretches of one recording after the other. */
interface Sink {
  write(recording: string, stretches: readonly Stretch[]): Promise<void>;
  /** The files under their names. */
  finish(): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * Throws what `requirePlaceFor` throws, and `stretches.no-classes` and `stretches.no-recordings` where a model's answers
 * make none: before anything is answered.
 */
export function requireStretches(
  { head, modality, preparation }: Model,
  { to, overwrite }: StretchOutput,
): void {
  if (kindOf(to) === 'folder') requirePlaceFor(join(to, 'any.edf'), true);
  else requirePlaceFor(to, overwrite);
  if (head.kind !== 'classes')
    throw new PretextError({
      code: 'stretches.no-classes',
      message: 'The model answers a number: there are no stretches of one class.',
      remedy: 'Ask for a table of answers, which has a row for each window.',
    });
  if (preparation.samplingRate === null)
    throw new PretextError({
      code: 'stretches.no-recordings',
      message: `The model answers ${modality}s that have no time, so there are no stretches of time.`,
      remedy: 'Stretches are made by models of recordings whose sampling rate is known.',
    });
}

/** Throws `stretches.several-recordings` where so many files have no place in what is to be written. */
export function requirePlaceForAll({ to }: StretchOutput, files: number): void {
  if (kindOf(to) === 'edf' && files > 1) throw severalRecordings(to);
}

export async function writeStretches(output: StretchOutput, model: Model): Promise<StretchesFile> {
  const classNames = model.head.kind === 'classes' ? model.head.classNames : [];
  const seconds = model.preparation.stored.shape[0]! / model.preparation.samplingRate!;
  const kind = kindOf(output.to);
  const sink =
    kind === 'csv' ? tableSink(output.to, classNames) : edfSink(output, classNames, kind === 'edf');
  await mkdir(kind === 'folder' ? output.to : dirname(output.to), { recursive: true });
  const written: WrittenStretches = { files: [], recordings: 0, stretches: 0 };
  let now: { recording: string; starts: number[]; values: number[] } | null = null;
  const flush = async () => {
    if (!now) return;
    const { recording, starts, values } = now;
    const windows = { starts, seconds, values, classes: classNames.length };
    const found = stretchesOf(windows, output.smoothing);
    await sink.write(recording, found);
    written.recordings += 1;
    written.stretches += found.length;
  };
  return {
    async add({ recording, startSeconds, values, source }) {
      // A model with a rate answers nothing else.
      if (recording === undefined || startSeconds === null) throw new Error(`“${source}” has no time`);
      if (now?.recording !== recording) {
        await flush();
        now = { recording, starts: [], values: [] };
      }
      if ((now.starts.at(-1) ?? -Infinity) >= startSeconds) throw notInOrder(recording);
      now.starts.push(startSeconds);
      for (const value of values) now.values.push(value);
    },
    async finish() {
      await flush();
      now = null;
      return { ...written, files: await sink.finish() };
    },
    close: () => sink.close(),
  };
}

function kindOf(to: string): 'csv' | 'edf' | 'folder' {
  const ending = extname(to).toLowerCase();
  return ending === '.csv' ? 'csv' : ending === '.edf' ? 'edf' : 'folder';
}

const COLUMNS = [
  { name: 'recording', type: 'STRING' as const },
  { name: 'start_seconds', type: 'DOUBLE' as const },
  { name: 'end_seconds', type: 'DOUBLE' as const },
  { name: 'label', type: 'STRING' as const },
  { name: 'probability', type: 'DOUBLE' as const },
];

function tableSink(file: string, classNames: readonly string[]): Sink {
  const temporary = `${file}.tmp-${process.pid}`;
  const table = writeTable(temporary, 'csv', COLUMNS);
  return {
    async write(recording, stretches) {
      for (const { start, end, classId, probability } of stretches)
        await table.write([recording, rounded(start), rounded(end), classNames[classId]!, probability]);
    },
    async finish() {
      await table.finish();
      flushAtOnce(temporary);
      await giveName(temporary, file);
      return [file];
    },
    async close() {
      await table.close();
      await rm(temporary, { force: true });
    },
  };
}

/** Microseconds: what lies behind them is made by adding floats. */
const rounded = (seconds: number) => Number(seconds.toFixed(6));

/** Their names are known once all recordings are: they lie in the folder as these do below what they have in common. */
function edfSink({ to, overwrite }: StretchOutput, classNames: readonly string[], isOne: boolean): Sink {
  const folder = isOne ? dirname(to) : to;
  const waiting: { recording: string; temporary: string }[] = [];
  return {
    async write(recording, stretches) {
      if (isOne && waiting.length > 0) throw severalRecordings(to);
      const temporary = join(folder, `.${waiting.length}.edf.tmp-${process.pid}`);
      waiting.push({ recording, temporary });
      const annotations = stretches.map(({ start, end, classId }) => ({
        onset: start,
        seconds: end - start,
        text: classNames[classId]!,
      }));
      await writeFile(temporary, edfOfAnnotations(annotations), { flush: true });
    },
    async finish() {
      const top = commonFolder(waiting.map(({ recording }) => recording));
      const nameOf = (recording: string) =>
        isOne ? to : join(to, `${relative(top, recording)}.annotations.edf`);
      const files = waiting.map(({ recording }) => nameOf(recording));
      for (const file of files) requirePlaceFor(file, overwrite);
      for (const [at, { temporary }] of waiting.entries()) {
        await mkdir(dirname(files[at]!), { recursive: true });
        await giveName(temporary, files[at]!);
      }
      return files;
    },
    async close() {
      for (const { temporary } of waiting) await rm(temporary, { force: true });
    },
  };
}

function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  const parts = dirname(first).split(sep);
  const shared = others.reduce((count, path) => {
    const own = dirname(path).split(sep);
    const differs = parts.slice(0, count).findIndex((part, at) => own[at] !== part);
    return differs < 0 ? count : differs;
  }, parts.length);
  return parts.slice(0, shared).join(sep) || sep;
}

function severalRecordings(file: string): PretextError {
  return new PretextError({
    code: 'stretches.several-recordings',
    message: `An EDF+ file holds the annotations of one recording, and there are several. Nothing is at ${basename(file)}.`,
    place: file,
    remedy: 'Name a folder, which gets a file for each; or a .csv file, which holds them all.',
  });
}

function notInOrder(recording: string): PretextError {
  return new PretextError({
    code: 'stretches.no-time',
    message:
      'Windows of this recording do not follow each other in time: it was given twice, or holds several.',
    place: recording,
    remedy: 'Give each recording once, in a file of its own.',
  });
}
