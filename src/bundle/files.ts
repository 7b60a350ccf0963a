/** Where things lie in a bundle, and how its small files are read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { BUNDLE_FORMAT, bundleSchema, type Bundle } from '../contract/elsewhere/bundle.ts';
import { PretextError, explained } from '../contract/errors.ts';

const numbered = (index: number) => String(index).padStart(6, '0');

export const bundleFile = (bundle: string) => join(bundle, 'bundle.json');
export const jobFile = (bundle: string, index: number) => join(bundle, 'jobs', `${numbered(index)}.json`);
export const resultsFolder = (bundle: string) => join(bundle, 'results');
export const resultFolder = (bundle: string, index: number) => join(resultsFolder(bundle), numbered(index));
export const journalFile = (bundle: string, index: number) =>
  join(resultFolder(bundle, index), 'journal.jsonl');
export const statusFile = (bundle: string, index: number) => join(resultFolder(bundle, index), 'status.json');
export const claimFile = (bundle: string, index: number) => join(resultFolder(bundle, index), 'claim.json');

/** @throws PretextError `bundle.none`, `bundle.unreadable`, `bundle.newer` */
export function readBundle(bundle: string): Bundle {
  return readChecked(bundleFile(bundle), bundleSchema);
}

/**
 * A JSON file of a bundle, by its schema.
 *
 * @param parse turns the text into a value
 * @throws PretextError `bundle.none` where there is no such file, `bundle.unreadable`, `bundle.newer`
 */
export function readChecked<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  parse: (text: string) => unknown = JSON.parse,
): z.output<Schema> {
  const value = parsed(file, textOf(file), parse);
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > BUNDLE_FORMAT) throw newer(file);
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw unreadable(file, `${issue?.path.join('.') || 'all of it'}: ${issue?.message}`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new PretextError({
        code: 'bundle.none',
        message: 'There is no such file: this is no bundle of jobs, or not the whole of one.',
        place: file,
        remedy: 'Name the folder that packing has made; if it was moved, where it is now.',
      });
    throw explained(error, file);
  }
}

function parsed(file: string, text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof PretextError) throw error;
    throw unreadable(file, (error as Error).message);
  }
}

const unreadable = (file: string, why: string) =>
  new PretextError({
    code: 'bundle.unreadable',
    message: `This file of a bundle of jobs is not as the program writes it (${why}).`,
    place: file,
    remedy: 'Copy the bundle again from where it was made, or pack the study again.',
  });

const newer = (file: string) =>
  new PretextError({
    code: 'bundle.newer',
    message: 'This bundle of jobs was made by a newer version of the program.',
    place: file,
    remedy: 'Use that version here too: other versions may compute otherwise.',
  });
