/** Descriptions of all readers for the window and the command line, made from the values themselves. */
import { z } from 'zod';
import type { JsonSchema, ReaderDescription } from '../contract/catalogue.ts';
import type { ImportOptions } from '../contract/data/import.ts';
import { readers } from './readers/registry.ts';

export { dataModality } from './modalities/registry.ts';
export { findReader } from './readers/registry.ts';

/** What an import was told, in the words of now: options of formats may have been written by an earlier version. */
export const currentOptions = (told: ImportOptions): ImportOptions =>
  told.options
    ? { ...told, options: readers.reduce((own, { earlier }) => earlier?.(own) ?? own, told.options) }
    : told;

/** Readers in the order of the registry. */
export function describeReaders(): ReaderDescription[] {
  return readers.map(({ id, title, summary, modalities, extensions, heeds, options }) => ({
    id,
    title,
    summary,
    modalities: [...modalities],
    extensions: [...extensions],
    heeds: [...heeds],
    options: z.toJSONSchema(options, { io: 'input' }) as JsonSchema,
  }));
}
