/** Descriptions of formats, encoders and pretext tasks as the window and the command line show them. */
import { z } from 'zod';
import { modalitySchema } from './recipe/recipe.ts';

/** JSON Schema of an options object, as zod writes it: properties with default, minimum, maximum, description. */
export const jsonSchemaSchema = z.record(z.string(), z.unknown());
export type JsonSchema = z.infer<typeof jsonSchemaSchema>;

export const encoderDescriptionSchema = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  modalities: z.array(modalitySchema),
  options: jsonSchemaSchema,
});
export type EncoderDescription = z.infer<typeof encoderDescriptionSchema>;

/** How many channels of data a task can work with, and what to do where they do not fit. */
export const channelNeedSchema = z.object({
  least: z.number().int(),
  most: z.number().int().optional(),
  advice: z.string(),
});
export type ChannelNeed = z.infer<typeof channelNeedSchema>;

export const pretextTaskDescriptionSchema = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  /** What the pseudo-label is, in a sentence. */
  pseudoLabel: z.string(),
  /** What healthy curves look like. */
  healthy: z.string(),
  paper: z.object({
    authors: z.string(),
    year: z.number().int(),
    title: z.string(),
    url: z.string().optional(),
  }),
  modalities: z.array(modalitySchema),
  /** It learns from the classes of labeled training samples, and from these samples only. */
  needsLabels: z.boolean(),
  /** What its samples must be known to belong to: groups (subjects, patients, sites), or places in recordings. */
  asks: z.array(z.enum(['group', 'recording'])),
  /** Left out: any number of channels. */
  channels: channelNeedSchema.optional(),
  /** A step may be computed in parts, one after the other: the loss is a mean over samples. */
  accumulates: z.boolean().optional(),
  /** Families of encoders that it can use. */
  encoders: z.array(z.string()),
  options: jsonSchemaSchema,
});
export type PretextTaskDescription = z.infer<typeof pretextTaskDescriptionSchema>;

/** A format that can be imported, as its reader describes itself. */
export const readerDescriptionSchema = z.object({
  id: z.string(),
  /** What a person chooses it by: “IDX files (as MNIST)”. */
  title: z.string(),
  /** What it reads, in a sentence. */
  summary: z.string(),
  /** Kinds of data that come of it. */
  modalities: z.array(modalitySchema),
  /** Endings of its files, in small letters, without the dot. */
  extensions: z.array(z.string()),
  /** Options of imports, shared by formats, that it has a use for (`SharedOption`). */
  heeds: z.array(z.string()),
  /** What it alone is told: `options` of an import. */
  options: jsonSchemaSchema,
});
export type ReaderDescription = z.infer<typeof readerDescriptionSchema>;

export const catalogueSchema = z.object({
  readers: z.array(readerDescriptionSchema),
  encoders: z.array(encoderDescriptionSchema),
  tasks: z.array(pretextTaskDescriptionSchema),
  /** JSON Schemas of the recipe's parts, for forms. */
  recipe: z.object({
    pretext: jsonSchemaSchema,
    tournament: jsonSchemaSchema,
    finetune: jsonSchemaSchema,
    import: jsonSchemaSchema,
    whole: jsonSchemaSchema,
  }),
  /** JSON Schema of how answers for windows become stretches. */
  smoothing: jsonSchemaSchema,
});
export type Catalogue = z.infer<typeof catalogueSchema>;
