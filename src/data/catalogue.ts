/** Descriptions of all readers for the window and the command line, made from the values themselves. */
import { z } from 'zod';
import type { JsonSchema, ReaderDescription } from '../contract/catalogue.ts';
import { readers } from './readers/registry.ts';

export { findReader } from './readers/registry.ts';

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
