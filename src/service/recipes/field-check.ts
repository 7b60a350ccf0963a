/**
 * Checks a document field by field against a zod schema, with messages that say what is allowed and what was
 * found, and with an answer to every unknown field: zod alone drops those in silence.
 */
import { z } from 'zod';
import type { JsonSchema } from '../../contract/catalogue.ts';
import { nearest } from './suggest.ts';

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
  const parsed = schema.safeParse(input);
  if (parsed.success && unknown.length === 0) return { value: parsed.data, problems: [] };
  const wrong = (parsed.error?.issues ?? [])
    .filter((issue) => issue.code !== 'unrecognized_keys')
    .map((issue) =>
      // A rule between fields has words of its own; a field's range does not tell it.
      issue.code === 'custom'
        ? {
            path: [...base, ...(issue.path as Path)],
            message: `${nameOf([...base, ...(issue.path as Path)])} ${issue.message}`,
          }
        : toProblem(issue.path as Path, input, description, base, issue.message),
    );
  return { value: null, problems: [...unknown, ...wrong] };
}

/** `a.b[2].c`, in backticks. */
export function nameOf(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return `\`${text.replace(/^\./, '') || 'the recipe'}\``;
}

/** What a schema allows, in words: "a whole number from 8 to 4096". */
export function allowedText(schema: JsonSchema): string {
  const alternatives = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (alternatives) return [...new Set(alternatives.map(allowedText))].join(', or ');
  if ('const' in schema) return JSON.stringify(schema['const']).replaceAll('"', '');
  if (Array.isArray(schema['enum'])) return `one of ${schema['enum'].join(', ')}`;
  switch (schema['type']) {
    case 'integer':
      return `a whole number${rangeText(schema)}`;
    case 'number':
      return `a number${rangeText(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return schema['maxLength'] ? `text of at most ${String(schema['maxLength'])} characters` : 'text';
    case 'array':
      return `a list of at least ${Number(schema['minItems'] ?? 0)}, each ${allowedText((schema['items'] ?? {}) as JsonSchema)}`;
    case 'object': {
      const names = Object.keys((schema['properties'] ?? {}) as object);
      return names.length > 0 && names.length < 5 ? `fields (${names.join(', ')})` : 'fields with values';
    }
    default:
      return 'a value';
  }
}

function rangeText(schema: JsonSchema): string {
  const low = schema['minimum'] as number | undefined;
  const above = schema['exclusiveMinimum'] as number | undefined;
  const high = schema['maximum'] as number | undefined;
  const top = high !== undefined && Math.abs(high) < Number.MAX_SAFE_INTEGER ? high : undefined;
  if (above !== undefined)
    return top === undefined ? ` above ${above}` : ` above ${above} and at most ${top}`;
  if (low === undefined || low <= Number.MIN_SAFE_INTEGER) return top === undefined ? '' : ` up to ${top}`;
  return top === undefined ? ` from ${low}` : ` from ${low} to ${top}`;
}

function toProblem(path: Path, input: unknown, description: JsonSchema, base: Path, words: string): Problem {
  const whole = [...base, ...path];
  const found = valueAt(input, path);
  const schema = schemaAt(description, input, path);
  // Patterns are not for reading: there zod's own message was written by hand.
  const allowed =
    schema && !schema['pattern'] ? `must be ${allowedText(schema)}` : words.replace(/^Invalid.*?: /, '');
  if (found === undefined) return { path: whole, message: `${nameOf(whole)} is missing. It ${allowed}.` };
  return {
    path: whole,
    message: `${nameOf(whole)} ${allowed.replace(/\.$/, '')}. Found: ${JSON.stringify(found)}`,
  };
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
  return Object.entries(value).flatMap(([key, part]) => {
    const known = properties?.[key] ?? (isObject(others) ? (others as JsonSchema) : undefined);
    if (known) return unknownFields(part, known, [...path, key]);
    return properties ? [unknownField(path, key, Object.keys(properties))] : [];
  });
}

function unknownField(path: Path, key: string, known: readonly string[]): Problem {
  const guess = nearest(key, known);
  const hint = guess ? `Did you mean \`${guess}\`?` : `Fields here: ${known.join(', ')}.`;
  return { path: [...path, key], message: `\`${key}\` is not a field here. ${hint}`, aboutKey: true };
}

/** Of several alternatives the one that fits the value's kind and its fixed fields. */
function branchFor(value: unknown, schema: JsonSchema): JsonSchema {
  const alternatives = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (!alternatives || !isObject(value)) return schema;
  const fixed = alternatives.find((alternative) => {
    const constants = Object.entries((alternative['properties'] ?? {}) as Record<string, JsonSchema>).filter(
      ([, property]) => 'const' in property,
    );
    return constants.length > 0 && constants.every(([key, property]) => value[key] === property['const']);
  });
  const sharing = alternatives.find((alternative) =>
    Object.keys((alternative['properties'] ?? {}) as object).some((key) => key in value),
  );
  return fixed ?? sharing ?? {};
}

function schemaAt(schema: JsonSchema, value: unknown, path: Path): JsonSchema | null {
  const [head, ...rest] = path;
  if (head === undefined) return schema;
  const branch = branchFor(value, schema);
  const properties = branch['properties'] as Record<string, JsonSchema> | undefined;
  const next =
    typeof head === 'number' ? branch['items'] : (properties?.[head] ?? branch['additionalProperties']);
  return isObject(next) ? schemaAt(next as JsonSchema, valueAt(value, [head]), rest) : null;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, key) =>
      part !== null && typeof part === 'object' ? (part as Record<string | number, unknown>)[key] : undefined,
    value,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
