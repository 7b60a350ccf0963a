/**
 * Fields of an options schema: one call gives the range, the default, the unit, the sentence of help and an
 * error that says what arrived. The window's forms and the command line's help are made from them.
 */
import { z } from 'zod';
import { PretextError } from './errors.ts';
import type { Modality } from './data/modality.ts';

export interface FieldDetails {
  title: string;
  help: string;
  unit?: string;
  /** Only shown and used for this kind of data. */
  modality?: Modality;
  /** Shown in the form's second, folded part. */
  advanced?: boolean;
}

export interface RangeDetails extends FieldDetails {
  minimum: number;
  maximum: number;
  default: number;
}

function details({ title, unit, modality, advanced }: FieldDetails): Record<string, unknown> {
  return {
    title,
    ...(unit && { unit }),
    ...(modality && { modality }),
    ...(advanced && { advanced }),
  };
}

const found = (issue: { input?: unknown }) => `Found: ${JSON.stringify(issue.input)}.`;

/** A number within a range. */
export function numberField(field: RangeDetails) {
  const allowed = `must be a number from ${field.minimum} to ${field.maximum}`;
  const error = (issue: { input?: unknown }) => `${allowed}. ${found(issue)}`;
  return z
    .number({ error })
    .min(field.minimum, { error })
    .max(field.maximum, { error })
    .default(field.default)
    .describe(field.help)
    .meta(details(field));
}

/** A whole number within a range. */
export function integerField(field: RangeDetails) {
  const allowed = `must be a whole number from ${field.minimum} to ${field.maximum}`;
  const error = (issue: { input?: unknown }) => `${allowed}. ${found(issue)}`;
  return z
    .number({ error })
    .int({ error })
    .min(field.minimum, { error })
    .max(field.maximum, { error })
    .default(field.default)
    .describe(field.help)
    .meta(details(field));
}

/** One of a few words. */
export function choiceField<const Choice extends string>(
  field: FieldDetails & { choices: readonly [Choice, ...Choice[]]; default: NoInfer<Choice> },
) {
  const error = (issue: { input?: unknown }) => `must be one of ${field.choices.join(', ')}. ${found(issue)}`;
  return z
    .enum(field.choices, { error })
    .default(field.default as never)
    .describe(field.help)
    .meta(details(field));
}

/** Yes or no. */
export function switchField(field: FieldDetails & { default: boolean }) {
  const error = (issue: { input?: unknown }) => `must be true or false. ${found(issue)}`;
  return z.boolean({ error }).default(field.default).describe(field.help).meta(details(field));
}

/** Several fields under one name; `{}` stands for all their defaults. Unknown names are errors. */
export function groupField<Shape extends z.core.$ZodLooseShape>(field: FieldDetails & { fields: Shape }) {
  return z
    .strictObject(field.fields)
    .prefault({} as never)
    .describe(field.help)
    .meta(details(field));
}

/** Fields that are only shown and used for one kind of data, by its id. */
export function fieldsFor<Table extends Readonly<Record<string, Readonly<Record<string, z.ZodType>>>>>(
  table: Table,
): TogetherOf<Table[keyof Table]> {
  const fields = Object.entries(table).flatMap(([modality, own]) =>
    Object.entries(own).map(([name, field]) => [name, field.meta({ ...field.meta(), modality })] as const),
  );
  return Object.fromEntries(fields) as TogetherOf<Table[keyof Table]>;
}

/** One object with the fields of all. */
type TogetherOf<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/**
 * Options with defaults filled in.
 *
 * @param place where they stand in the recipe, for the error: `encoder.options`
 * @throws PretextError that names the field, what was found and what is allowed
 */
export function parseOptions<Schema extends z.ZodType>(
  schema: Schema,
  options: unknown,
  place: string,
): z.output<Schema> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = [place, ...issue!.path].join('.');
  throw new PretextError({
    code: 'recipe.invalid',
    message: `${field}: ${issue!.message}`,
    place: field,
    remedy: 'Correct this field.',
  });
}
