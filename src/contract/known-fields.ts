/**
 * Schemas of recipes are strict, as a field that nobody knows is a mistake of whoever writes one. A document that the
 * program itself stored may come from a version that had fields more: those say nothing to this one.
 */
import { z } from 'zod';

/** The document without the fields that its schema does not know, on every level; all else stays as it is, right or wrong. */
export function knownFields(schema: z.ZodType, document: unknown): unknown {
  let known = document;
  // A field that goes may let through what stands beside it to be checked in turn.
  for (;;) {
    const unknown = (schema.safeParse(known).error?.issues ?? []).flatMap(unknownIn);
    if (unknown.length === 0) return known;
    known = structuredClone(known);
    for (const { path, key } of unknown) delete objectAt(known, path)[key];
  }
}

/** A part of a document that the program stored, whichever version did. */
export const asStored = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((document) => knownFields(schema, document), schema);

const unknownIn = (issue: z.core.$ZodIssue) =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ path: issue.path, key })) : [];

const objectAt = (document: unknown, path: readonly PropertyKey[]) =>
  path.reduce((part, key) => part[key] as Fields, document as Fields);

type Fields = Record<PropertyKey, unknown>;
