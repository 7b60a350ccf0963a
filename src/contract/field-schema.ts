/**
 * Reads fields back from the JSON Schemas that zod writes: what a form draws, and what help, template and docs tell.
 * The other end of `fields.ts`.
 */
import type { JsonSchema } from './catalogue.ts';
import type { Modality } from './data/modality.ts';
import { wordsOfType } from './field-words.ts';

interface Common {
  name: string;
  title: string;
  help: string;
  unit: string;
  advanced: boolean;
  required: boolean;
  initial: unknown;
  /** What may stand there, in words: “a whole number from 8 to 4096”. */
  allowed: string;
}
export interface NumberField extends Common {
  kind: 'number';
  whole: boolean;
  minimum: number | null;
  maximum: number | null;
  /** The bound itself is not allowed. */
  openMinimum: boolean;
  slider: boolean;
}
export interface ChoiceField extends Common {
  kind: 'choice';
  choices: string[];
}
export interface SwitchField extends Common {
  kind: 'switch';
}
export interface TextField extends Common {
  kind: 'text';
}
export interface ListField extends Common {
  kind: 'list';
  numeric: boolean;
}
export type Field = NumberField | ChoiceField | SwitchField | TextField | ListField;

/** One property of a JSON Schema as zod writes it, with what fields add. */
export interface FieldSchema {
  type?: string;
  enum?: unknown[];
  anyOf?: FieldSchema[];
  oneOf?: FieldSchema[];
  const?: unknown;
  default?: unknown;
  description?: string;
  title?: string;
  unit?: string;
  /** What may stand there, in words. */
  allowed?: string;
  advanced?: boolean;
  /** Only used for this kind of data. */
  modality?: Modality;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  items?: FieldSchema;
  properties?: Record<string, FieldSchema>;
  required?: string[];
}

/** "batchSize" becomes "Batch size". */
export function humanize(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Titles of fields by their place; a part of a recipe that may be left out, or be one of several, is looked into too. */
export function titlesIn(schema: FieldSchema, place: readonly string[] = []): [string, string][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]): [string, string][] => {
    const at = [...place, name];
    return [[at.join('.'), field.title ?? humanize(name)], ...titlesIn(field, at)];
  });
  return [
    ...own,
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => titlesIn(one, place)),
  ];
}

/** The bounds that zod writes for every whole number say nothing about the field. */
const meaningful = (bound: number | undefined) =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : null;

function numberField(common: Common, property: FieldSchema): NumberField {
  const whole = property.type === 'integer';
  const minimum = meaningful(property.minimum ?? property.exclusiveMinimum);
  const maximum = meaningful(property.maximum ?? property.exclusiveMaximum);
  const span = minimum === null || maximum === null ? Infinity : maximum - minimum;
  return {
    ...common,
    kind: 'number',
    whole,
    minimum,
    maximum,
    openMinimum: property.minimum === undefined && property.exclusiveMinimum !== undefined,
    slider: whole ? span <= 64 : span <= 2,
  };
}

/** One property as a field; null where only a form of its own can show it (unions, nested objects, records). */
function fieldOf(name: string, property: FieldSchema, required: boolean): Field | null {
  const common: Common = {
    name,
    title: property.title ?? humanize(name),
    help: property.description ?? '',
    unit: property.unit ?? '',
    advanced: property.advanced === true,
    required,
    initial: property.default,
    allowed: property.allowed ?? wordsOfType(property.type ?? ''),
  };
  if (property.enum) return { ...common, kind: 'choice', choices: property.enum.map(String) };
  switch (property.type) {
    case 'number':
    case 'integer':
      return numberField(common, property);
    case 'boolean':
      return { ...common, kind: 'switch' };
    case 'string':
      return { ...common, kind: 'text' };
    case 'array':
      if (property.items?.type === 'string') return { ...common, kind: 'list', numeric: false };
      if (property.items?.type === 'number' || property.items?.type === 'integer')
        return { ...common, kind: 'list', numeric: true };
      return null;
    default:
      return null;
  }
}

/** The fields of an object schema in their own order. `only` picks and orders them by name. */
export function fieldsOf(schema: JsonSchema, only?: readonly string[]): Field[] {
  const object = schema as FieldSchema;
  const properties = object.properties ?? {};
  const names = only ?? Object.keys(properties);
  return names.flatMap((name) => {
    const property = properties[name];
    if (!property) return [];
    const field = fieldOf(name, property, (object.required ?? []).includes(name));
    return field ? [field] : [];
  });
}

/** What is wrong with a value, in a sentence, or null. Empty values are fine unless there is no default. */
export function problemOf(field: Field, value: unknown): string | null {
  if (value === undefined || value === '' || value === null)
    return field.required && field.initial === undefined ? `${field.title} is needed.` : null;
  const found = JSON.stringify(Number.isNaN(value) ? 'no number' : value);
  return fits(field, value) ? null : `${field.title} must be ${field.allowed}. Found: ${found}.`;
}

function fits(field: Field, value: unknown): boolean {
  if (field.kind === 'list')
    return !Array.isArray(value) || !field.numeric || value.every((one) => Number.isFinite(one));
  if (field.kind !== 'number') return true;
  const { whole, minimum, maximum, openMinimum } = field;
  if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
    return false;
  const low = minimum ?? -Infinity;
  return (openMinimum ? value > low : value >= low) && value <= (maximum ?? Infinity);
}
