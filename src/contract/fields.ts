/**
 * The one vocabulary of fields: for recipes, for imports, and for options of encoders, pretext tasks and readers.
 *
 * One call says the range, the default, the unit, the title, the sentence of help and the words of the error. Forms,
 * flags, help, templates, errors and docs are made from it (`field-schema.ts` reads it back from the JSON Schema).
 */
import { z } from 'zod';
import { PretextError } from './errors.ts';
import {
  CORRECT_FIELD,
  choiceWords,
  issueWords,
  listWords,
  mustBe,
  rangeWords,
  textWords,
  valueWords,
  wordsOfType,
} from './field-words.ts';
import type { Modality } from './data/modality.ts';

export interface FieldDetails {
  /** Left out: made of the field's name, “Batch size”. */
  title?: string;
  help: string;
  unit?: string;
  /** Only shown and used for this kind of data. */
  modality?: Modality;
  /** Shown in the form's second, folded part. */
  advanced?: boolean;
}

/** What a field is where nothing is said: its default; nothing, which means something of its own; or an error. */
interface Presence<Value> {
  default?: Value;
  optional?: true;
  /** What a field that may be left out means then; unlike a default it is not written down. */
  assumed?: Value;
}

/** The schema with the default, or the leave to be left out, that the field names. */
type Finished<Schema extends z.ZodType, Field> = Field extends { default: infer _Default }
  ? z.ZodDefault<Schema>
  : Field extends { optional: true }
    ? z.ZodOptional<Schema>
    : Schema;

function finish<Schema extends z.ZodType, Field extends FieldDetails & Presence<unknown>>(
  schema: Schema,
  field: Field,
  allowed: string,
): Finished<Schema, Field> {
  const { help, title, unit, modality, advanced } = field;
  const whole =
    field.default !== undefined
      ? schema.default(field.default as never)
      : field.optional
        ? schema.optional()
        : schema;
  return whole.meta({
    ...(title && { title }),
    description: help,
    ...(unit && { unit }),
    ...(modality && { modality }),
    ...(advanced && { advanced }),
    ...(field.assumed !== undefined && { default: field.assumed }),
    allowed,
  }) as unknown as Finished<Schema, Field>;
}

export interface Range {
  minimum: number;
  maximum: number;
  /** The minimum itself is not allowed. */
  open?: boolean;
}

/** A number within a range. */
export function numberField<const Field extends FieldDetails & Range & Presence<number>>(
  field: Field,
): Finished<z.ZodNumber, Field> {
  const allowed = `a number${rangeWords(field)}`;
  const error = mustBe(allowed);
  const { minimum, maximum, open } = field;
  const number = z.number({ error });
  const above = open ? number.gt(minimum, { error }) : number.min(minimum, { error });
  return finish(above.max(maximum, { error }), field, allowed);
}

/** A whole number within a range. */
export function integerField<const Field extends FieldDetails & Range & Presence<number>>(
  field: Field,
): Finished<z.ZodNumber, Field> {
  const allowed = `a whole number${rangeWords(field)}`;
  const error = mustBe(allowed);
  const whole = z.number({ error }).int({ error });
  return finish(whole.min(field.minimum, { error }).max(field.maximum, { error }), field, allowed);
}

/** One of a few words. */
export function choiceField<
  const Choice extends string,
  const Field extends FieldDetails & Presence<NoInfer<Choice>>,
>(
  field: { choices: readonly [Choice, ...Choice[]] } & Field,
): Finished<z.ZodEnum<{ [Word in Choice]: Word }>, Field> {
  const allowed = choiceWords(field.choices);
  return finish(z.enum(field.choices, { error: mustBe(allowed) }) as never, field, allowed);
}

/** Yes or no. */
export function switchField<const Field extends FieldDetails & Presence<boolean>>(
  field: Field,
): Finished<z.ZodBoolean, Field> {
  return finish(z.boolean({ error: mustBe(valueWords.boolean) }), field, valueWords.boolean);
}

/** Text; where a pattern is asked for, `allowed` says it in words. */
export function textField<
  const Field extends FieldDetails &
    Presence<string> & { minimum?: number; maximum?: number; pattern?: RegExp; allowed?: string },
>(field: Field): Finished<z.ZodString, Field> {
  const { minimum = 0, maximum, pattern } = field;
  const allowed = field.allowed ?? textWords(maximum);
  const error = mustBe(allowed);
  let text = z.string({ error });
  if (minimum > 0) text = text.min(minimum, { error });
  if (maximum !== undefined) text = text.max(maximum, { error });
  if (pattern) text = text.regex(pattern, { error });
  return finish(text, field, allowed);
}

/** Several of one kind, in their order. */
export function listField<
  Item extends z.ZodType,
  const Field extends FieldDetails & Presence<z.output<Item>[]> & { minimum?: number; maximum?: number },
>(field: Field & { of: Item; allowed?: string }): Finished<z.ZodArray<Item>, Field> {
  const { minimum = 0, maximum, of } = field;
  const allowed = field.allowed ?? listWords({ minimum, maximum }, allowedOf(of));
  const error = mustBe(allowed);
  let list = z.array(of, { error });
  if (minimum > 0) list = list.min(minimum, { error });
  if (maximum !== undefined) list = list.max(maximum, { error });
  return finish(list, field, allowed);
}

/** Values under names that the person chooses; `keys` says which names there may be. */
export function recordField<
  Value extends z.ZodType,
  const Field extends FieldDetails & Presence<Record<string, z.output<Value>>>,
>(field: Field & { of: Value; keys?: z.ZodString }): Finished<z.ZodRecord<z.ZodString, Value>, Field> {
  const { record } = valueWords;
  const { keys = z.string(), of } = field;
  return finish(z.record(keys, of, { error: mustBe(record) }), field, record);
}

/** One of several forms of a value, told apart by their kind; `allowed` says them all in words. */
export function unionField<
  const Forms extends readonly [z.ZodType, z.ZodType, ...z.ZodType[]],
  const Field extends FieldDetails & Presence<z.output<Forms[number]>>,
>(field: Field & { forms: Forms; allowed: string }): Finished<z.ZodUnion<Forms>, Field> {
  return finish(z.union(field.forms, { error: mustBe(field.allowed) }), field, field.allowed);
}

/** A value that is described elsewhere: its words are those of its schema. */
export function asField<
  Schema extends z.ZodType,
  const Field extends FieldDetails & Presence<z.output<Schema>>,
>(schema: Schema, field: Field): Finished<Schema, Field> {
  return finish(schema, field, allowedOf(schema));
}

/** Several fields under one name; `{}` stands for all their defaults. Unknown names are errors. */
export function groupField<Shape extends z.core.$ZodLooseShape>(field: FieldDetails & { fields: Shape }) {
  return finish(z.strictObject(field.fields).prefault({} as never), field, valueWords.object);
}

/** What a schema allows, in words. */
function allowedOf(schema: z.ZodType): string {
  const { allowed } = schema.meta() ?? {};
  if (typeof allowed === 'string') return allowed;
  if (schema instanceof z.ZodEnum) return choiceWords(schema.options.map(String));
  return wordsOfType(schema.type);
}

/** A field that may be left out, with what is then meant. */
export function leftOut<Schema extends z.ZodType>(
  field: z.ZodDefault<Schema>,
  meaning: string,
): z.ZodOptional<Schema> {
  const { description, ...meta } = field.meta() ?? {};
  return field
    .unwrap()
    .optional()
    .meta({ ...meta, description: `${description} ${meaning}` }) as z.ZodOptional<Schema>;
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
  const result = schema.safeParse(options, { error: issueWords });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = [place, ...issue!.path].join('.');
  throw new PretextError({
    code: 'recipe.invalid',
    message: `${field}: ${issue!.message}`,
    place: field,
    remedy: CORRECT_FIELD,
  });
}
