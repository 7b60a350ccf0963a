/** Turns the JSON Schemas of the contract into fields that a form can draw. */
import type { JsonSchema } from '../../../src/contract/catalogue.ts';
import type { Modality } from '../../../src/contract/recipe/recipe.ts';

interface Common {
  name: string;
  title: string;
  help: string;
  unit: string;
  advanced: boolean;
  required: boolean;
  initial: unknown;
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

interface Property {
  type?: string;
  enum?: unknown[];
  anyOf?: Property[];
  default?: unknown;
  description?: string;
  title?: string;
  unit?: string;
  advanced?: boolean;
  /** Only used for this kind of data. */
  modality?: Modality;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  items?: Property;
  properties?: Record<string, Property>;
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

/** The bounds that zod writes for every whole number say nothing about the field. */
const meaningful = (bound: number | undefined) =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : null;

function numberField(common: Common, property: Property): NumberField {
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
function fieldOf(name: string, property: Property, required: boolean): Field | null {
  const common: Common = {
    name,
    title: property.title ?? humanize(name),
    help: property.description ?? '',
    unit: property.unit ?? '',
    advanced: property.advanced === true,
    required,
    initial: property.default,
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
  const object = schema as Property;
  const properties = object.properties ?? {};
  const names = only ?? Object.keys(properties);
  return names.flatMap((name) => {
    const property = properties[name];
    if (!property) return [];
    const field = fieldOf(name, property, (object.required ?? []).includes(name));
    return field ? [field] : [];
  });
}

/** A schema without what only other kinds of data use, on every level. */
export function schemaFor(schema: JsonSchema, modality: Modality): JsonSchema {
  const { properties, ...rest } = schema as Property;
  if (!properties) return schema;
  const used = Object.entries(properties).filter(([, one]) => (one.modality ?? modality) === modality);
  return {
    ...rest,
    properties: Object.fromEntries(used.map(([name, one]) => [name, schemaFor(one as JsonSchema, modality)])),
  };
}

/** Fields under one name. */
export interface FieldGroup {
  name: string;
  title: string;
  fields: Field[];
}

/** The properties of an object schema that hold fields of their own. */
export function groupsOf(schema: JsonSchema): FieldGroup[] {
  return Object.entries((schema as Property).properties ?? {}).flatMap(([name, property]) => {
    const fields = property.type === 'object' ? fieldsOf(property as JsonSchema) : [];
    return fields.length > 0 ? [{ name, title: property.title ?? humanize(name), fields }] : [];
  });
}

/** The values under a group's name, if there are any. */
export const valuesIn = (values: Record<string, unknown>, group: string) =>
  (values[group] ?? {}) as Record<string, unknown>;

/** Fields that begin with other values than the schema's. */
export function startingFrom(fields: readonly Field[], values: Record<string, unknown>): Field[] {
  return fields.map((field) =>
    values[field.name] === undefined ? field : { ...field, initial: values[field.name] },
  );
}

/** The schema of a property that is itself an object. */
export function subschema(schema: JsonSchema, name: string): JsonSchema {
  return ((schema as Property).properties?.[name] ?? {}) as JsonSchema;
}

export function initialValues(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter((field) => field.initial !== undefined).map((field) => [field.name, field.initial]),
  );
}

/** What is wrong with a value, in a sentence, or null. Empty values are fine unless there is no default. */
export function problemOf(field: Field, value: unknown): string | null {
  if (value === undefined || value === '' || value === null)
    return field.required && field.initial === undefined ? `${field.title} is needed.` : null;
  if (field.kind === 'list' && field.numeric && Array.isArray(value))
    return value.every((one) => Number.isFinite(one)) ? null : `${field.title} must be numbers: 0.001, 0.01`;
  if (field.kind !== 'number') return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) return `${field.title} must be a number.`;
  if (field.whole && !Number.isInteger(value))
    return `${field.title} must be a whole number. Found: ${value}.`;
  const low = field.minimum;
  const high = field.maximum;
  const below = low !== null && (field.openMinimum ? value <= low : value < low);
  if (below || (high !== null && value > high))
    return `${field.title} must be ${rangeWords(field)}. Found: ${value}.`;
  return null;
}

export function rangeWords(field: NumberField): string {
  const { minimum, maximum } = field;
  if (minimum !== null && maximum !== null)
    return field.openMinimum ? `above ${minimum} and at most ${maximum}` : `from ${minimum} to ${maximum}`;
  if (minimum !== null) return field.openMinimum ? `above ${minimum}` : `at least ${minimum}`;
  return maximum !== null ? `at most ${maximum}` : 'any number';
}

export function problemsOf(fields: readonly Field[], values: Record<string, unknown>): string[] {
  return fields.flatMap((field) => problemOf(field, values[field.name]) ?? []);
}
