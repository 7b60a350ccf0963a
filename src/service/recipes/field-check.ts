/**
 * Places what a schema says of a document: each problem with the field that it is about, and an answer to every
 * unknown field, which zod drops in silence where an object is not strict. The words are those of the fields.
 */
import { z } from 'zod';
import type { JsonSchema } from '../../contract/catalogue.ts';
import { issueWords, unknownFieldWords } from '../../contract/field-words.ts';

export type Path = readonly (string | number)[];

export interface Problem {
  /** Where in the document. */
  path: Path;
  message: string;
  /** The problem is the field's name, not its value. */
  aboutKey?: boolean;
}

export type FieldCheck<T> = { value: T; problems: [] } | { value: null; problems: Problem[] };

/** `base` is where the checked part stands in the whole document. */
export function checkFields<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  base: Path = [],
): FieldCheck<z.output<Schema>> {
  const description = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const unknown = unknownFields(input, description, base);
  const parsed = schema.safeParse(input, { error: issueWords });
  if (parsed.success && unknown.length === 0) return { value: parsed.data, problems: [] };
  const wrong = (parsed.error?.issues ?? []).flatMap((issue) => placed(issue, base));
  return { value: null, problems: [...unknown, ...wrong] };
}

/** An issue at its field. Unknown fields are told of elsewhere, by name. */
function placed(issue: z.core.$ZodIssue, base: Path): Problem[] {
  const path = [...base, ...(issue.path as Path)];
  if (issue.code === 'unrecognized_keys') return [];
  // A value that fits one of several forms in kind is wrong by what that form says of it.
  const meant = issue.code === 'invalid_union' ? issue.errors.filter(isWithin) : [];
  if (meant.length === 1 && meant[0]) return meant[0].flatMap((inner) => placed(inner, path));
  if (issue.code === 'invalid_key') return issue.issues.flatMap((inner) => placed(inner, path));
  return [{ path, message: `${nameOf(path)} ${issue.message.replace(/(Found: .*)\.$/, '$1')}` }];
}

const isWithin = (issues: readonly z.core.$ZodIssue[]): boolean =>
  issues.length > 0 && issues.every(({ path, code }) => path.length > 0 && code !== 'unrecognized_keys');

/** `a.b[2].c`, in backticks. */
export function nameOf(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return `\`${text.replace(/^\./, '') || 'the recipe'}\``;
}

function unknownFields(value: unknown, schema: JsonSchema, path: Path): Problem[] {
  const branch = branchFor(value, schema);
  if (Array.isArray(value)) {
    const items = branch['items'] as JsonSchema | undefined;
    return items ? value.flatMap((item, index) => unknownFields(item, items, [...path, index])) : [];
  }
  if (!isObject(value)) return [];
  const properties = branch['properties'] as Record<string, JsonSchema> | undefined;
  const others = branch['additionalProperties'] as JsonSchema | boolean | undefined;
  return Object.entries(value).flatMap(([key, part]): Problem[] => {
    const known = properties?.[key] ?? (isObject(others) ? others : undefined);
    if (known) return unknownFields(part, known, [...path, key]);
    if (!properties) return [];
    const message = unknownFieldWords(key, Object.keys(properties));
    return [{ path: [...path, key], message, aboutKey: true }];
  });
}

/** Of several alternatives the one that fits the value's kind and its fixed fields. */
function branchFor(value: unknown, schema: JsonSchema): JsonSchema {
  const alternatives = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (!alternatives) return schema;
  if (Array.isArray(value)) return alternatives.find(({ type }) => type === 'array') ?? {};
  if (!isObject(value)) return schema;
  const propertiesOf = (one: JsonSchema) => (one['properties'] ?? {}) as Record<string, JsonSchema>;
  const objects = alternatives.filter(({ type }) => type === 'object');
  const fixed = objects.find((one) => {
    const constants = Object.entries(propertiesOf(one)).filter(([, property]) => 'const' in property);
    return constants.length > 0 && constants.every(([key, property]) => value[key] === property['const']);
  });
  const sharing = objects.find((one) => Object.keys(propertiesOf(one)).some((key) => key in value));
  return fixed ?? sharing ?? (objects.length === 1 ? objects[0]! : {});
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
