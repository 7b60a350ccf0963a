/**
 * A file of predictions: it appears whole or not at all, and what was done before an interruption is not done again.
 *
 * Answers are gathered in a hidden file beside it, with a note of how far they are; once all are there they are written
 * in the format that was asked for, flushed and renamed.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { open, readFile, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { circumstanceOf } from '../../../contract/circumstances.ts';
import { importIssueSchema, type ImportIssue } from '../../../contract/entities.ts';
import { PretextError } from '../../../contract/errors.ts';
import type { Question } from '../../../contract/messages/questions.ts';
import type { Model } from '../../../contract/model/model.ts';
import { predictionSchema, type Prediction, type Predictions } from '../../../contract/model/prediction.ts';
import type { FeatureMatrix } from '../../../learning/evaluation/probes/features.ts';
import { makeFolder } from '../../../machine/make-folder.ts';
import { requirePlaceFor } from '../../../machine/place-for-file.ts';
import { writeAll } from '../../../machine/write-all.ts';
import { flushAtOnce, giveName } from '../../../machine/replace-file.ts';
import { cellsOf, columnsFor } from './columns.ts';
import { writeTable } from './formats.ts';
import { writeStretches } from './stretches-file.ts';

export interface PredictionsFile {
  /** Of an earlier try at the same, which is gone on with. */
  readonly partsDone: number;
  readonly samples: number;
  readonly leftOut: number;
  begin(issues: readonly ImportIssue[]): Promise<void>;
  /** What was left out of the part that is answered, or is worth knowing. */
  note(issues: readonly ImportIssue[]): Promise<void>;
  /** Some answers of the part. */
  append(rows: readonly Prediction[], features: FeatureMatrix): Promise<void>;
  /** All of the part is answered: it is not answered again, whatever happens. */
  endPart(): Promise<void>;
  finish(): Promise<Pick<Predictions, 'file' | 'leftOutFile' | 'stretches'>>;
  /** What was gathered stays, for the next try. */
  close(): Promise<void>;
  /** There is nothing to gather: no trace of it stays. */
  discard(): Promise<void>;
}

/** A table, stretches, or both. */
export type Wanted = Pick<Question<'predict'>, 'output' | 'stretches'>;

/** What is gathered lies beside it. */
const placeOf = ({ output, stretches }: Wanted): string => output?.file ?? stretches!.to;

/** What was left out, listed. */
const leftOutList = (place: string): string => `${place}.left-out.csv`;

const noteSchema = z.object({
  /** Of the model, the samples and what is written of them. */
  key: z.string(),
  parts: z.number().int(),
  bytes: z.number().int(),
  samples: z.number().int(),
  leftOut: z.number().int(),
  features: z.number().int(),
});
type Note = z.infer<typeof noteSchema>;

const lineSchema = z.union([
  z.object({ row: predictionSchema, features: z.string().optional() }),
  z.object({ issue: importIssueSchema }),
]);

/** Throws what `requirePlaceFor` throws. */
export async function openPredictionsFile(
  wanted: Wanted,
  model: Model,
  fingerprint: string,
): Promise<PredictionsFile> {
  const { output, stretches } = wanted;
  const file = placeOf(wanted);
  if (output) requirePlaceFor(output.file, output.overwrite);
  // A list of what an earlier one left out is no part of this one, and is not lost for it unasked.
  requirePlaceFor(leftOutList(file), (output ?? stretches!).overwrite);
  const embeddings = output?.embeddings ?? false;
  return saying(file, async () => {
    makeFolder(dirname(file));
    const gathered = join(dirname(file), `.${basename(file)}.pretext-gathered`);
    const noteFile = `${gathered}.json`;
    const members = model.members.map(({ sha256 }) => sha256);
    const key = createHash('sha256')
      .update(
        JSON.stringify([
          members,
          // Heads share the members: which one answers is another thing.
          model.trainedOn.dataset,
          model.temperature,
          fingerprint,
          embeddings,
          stretches ? (stretches.smoothing.everySeconds ?? 'whole') : null,
        ]),
      )
      .digest('hex');
    const nothing: Note = { key, parts: 0, bytes: 0, samples: 0, leftOut: 0, features: 0 };
    const note = (await readNote(noteFile, gathered, key)) ?? nothing;
    const handle = await open(gathered, note.parts > 0 ? 'r+' : 'w');
    await handle.truncate(note.bytes);
    return predictionsFile({ wanted, model, gathered, noteFile, handle, note });
  });
}

/** Null where nothing was gathered of the same. */
async function readNote(noteFile: string, gathered: string, key: string): Promise<Note | null> {
  if (!existsSync(noteFile) || !existsSync(gathered)) return null;
  let document: unknown;
  try {
    document = JSON.parse(await readFile(noteFile, 'utf8'));
  } catch {
    // Cut short: what it would have told of is gathered anew.
    return null;
  }
  const note = noteSchema.safeParse(document);
  if (!note.success || note.data.key !== key) return null;
  return (await stat(gathered)).size >= note.data.bytes ? note.data : null;
}

interface Opened {
  wanted: Wanted;
  model: Model;
  gathered: string;
  noteFile: string;
  handle: FileHandle;
  note: Note;
}

function predictionsFile({ wanted, model, gathered, noteFile, handle, note }: Opened): PredictionsFile {
  const file = placeOf(wanted);
  const embeddings = wanted.output?.embeddings ?? false;
  let at = note;
  let isOpen = true;
  const close = async () => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  const write = (lines: readonly object[], change: Partial<Note>) =>
    saying(file, async () => {
      const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await writeAll(handle, bytes, at.bytes);
      at = { ...at, ...change, bytes: at.bytes + bytes.length };
    });
  /** What was written counts from now on. */
  const settle = () =>
    saying(file, async () => {
      await handle.datasync();
      const temporary = `${noteFile}.tmp`;
      await writeFile(temporary, JSON.stringify(at), { flush: true });
      await giveName(temporary, noteFile);
    });
  const leftOutOf = (issues: readonly ImportIssue[]) =>
    issues.filter(({ severity }) => severity === 'left-out').length;
  const writeIssues = (issues: readonly ImportIssue[]) =>
    write(
      issues.map((issue) => ({ issue })),
      { leftOut: at.leftOut + leftOutOf(issues) },
    );
  return {
    partsDone: note.parts,
    samples: note.samples,
    leftOut: note.leftOut,
    async begin(issues) {
      await writeIssues(issues);
      await settle();
    },
    note: writeIssues,
    append: (rows, features) =>
      write(
        rows.map((row, place) => ({
          row: { ...row, nearest: [], panel: undefined },
          ...(embeddings && { features: encoded(features, place) }),
        })),
        {
          samples: at.samples + rows.length,
          ...(embeddings && rows.length > 0 && { features: features.columns }),
        },
      ),
    async endPart() {
      at = { ...at, parts: at.parts + 1 };
      await settle();
    },
    async finish() {
      await close();
      const written = await saying(file, () => convert(wanted, model, gathered, at));
      await rm(gathered, { force: true });
      await rm(noteFile, { force: true });
      return written;
    },
    close,
    async discard() {
      await close();
      await rm(gathered, { force: true });
      await rm(noteFile, { force: true });
    },
  };
}

/** Writes what was asked for, and what was left out beside it where something was. */
async function convert(
  wanted: Wanted,
  model: Model,
  gathered: string,
  { features }: Note,
): Promise<Pick<Predictions, 'file' | 'leftOutFile' | 'stretches'>> {
  const { output } = wanted;
  const temporary = `${output?.file}.tmp-${process.pid}`;
  const leftOut = leftOutList(placeOf(wanted));
  const leftOutTemporary = `${leftOut}.tmp-${process.pid}`;
  const table = output && writeTable(temporary, output.format, columnsFor(model, features));
  const stretches = wanted.stretches && (await writeStretches(wanted.stretches, model));
  const leftOutTable = writeTable(leftOutTemporary, 'csv', ISSUE_COLUMNS);
  let issues = 0;
  try {
    const lines = createInterface({ input: createReadStream(gathered), crlfDelay: Infinity });
    for await (const text of lines) {
      const line = lineSchema.parse(JSON.parse(text));
      if ('row' in line) {
        await table?.write(cellsOf(model, line.row, decoded(line.features)));
        await stretches?.add(line.row);
      } else if (line.issue.severity === 'left-out') {
        issues += 1;
        const { file: where, row, reason, message } = line.issue;
        await leftOutTable.write([where, row ?? null, reason, message]);
      }
    }
    await table?.finish();
    await leftOutTable.finish();
    flushAtOnce(leftOutTemporary);
    const written = (await stretches?.finish()) ?? null;
    if (output) flushAtOnce(temporary);
    if (issues > 0) await giveName(leftOutTemporary, leftOut);
    // It may be written over; what it tells is not of this one.
    else await rm(leftOut, { force: true });
    if (output) {
      await giveName(temporary, output.file);
    }
    return { file: output?.file ?? null, leftOutFile: issues > 0 ? leftOut : null, stretches: written };
  } finally {
    await stretches?.close();
    await table?.close();
    await leftOutTable.close();
    for (const path of [temporary, leftOutTemporary]) await rm(path, { force: true });
  }
}

const ISSUE_COLUMNS = ['file', 'row', 'reason', 'message'].map((name) => ({ name, type: 'STRING' as const }));

const encoded = ({ values, columns }: FeatureMatrix, row: number) =>
  Buffer.from(values.buffer, values.byteOffset + row * columns * 4, columns * 4).toString('base64');

function decoded(text: string | undefined): Float32Array {
  if (text === undefined) return new Float32Array(0);
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
}

/** What the system refuses comes out with the file's name, and with what was gathered kept. */
async function saying<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const circumstance = circumstanceOf(error, file);
    if (!circumstance) throw error;
    throw new PretextError({
      ...circumstance,
      remedy: `${circumstance.remedy} Then do the same again: what is done already is kept.`,
    });
  }
}
