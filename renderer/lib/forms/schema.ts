/** What forms make of fields: those for one kind of data, their groups, values and problems. */
import type { JsonSchema } from '../../../src/contract/catalogue.ts';
import type { Modality } from '../../../src/contract/recipe/recipe.ts';
import {
  fieldsOf,
  humanize,
  problemOf,
  type Field,
  type FieldSchema,
} from '../../../src/contract/field-schema.ts';

/** A schema without what only other kinds of data use, on every level. */
export function schemaFor(schema: JsonSchema, modality: Modality): JsonSchema {
  const { properties, ...rest } = schema as FieldSchema;
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
  return Object.entries((schema as FieldSchema).properties ?? {}).flatMap(([name, property]) => {
    const fields = property.type === 'object' ? fieldsOf(property as JsonSchema) : [];
    return fields.length > 0 ? [{ name, title: property.title ?? humanize(name), fields }] : [];
  });
}

/** The values under a group's name, if there are any. */
export const valuesIn = (values: Record<string, unknown>, group: string) =>
  (values[group] ?? {}) as Record<string, unknown>;

const SHARE = 'Probability';

/**
 * Without the fields that say how strong a change is that never happens: `warp` and `warpSegments` belong to
 * `warpProbability`, and do nothing while that is 0.
 */
export function fieldsInUse(fields: readonly Field[], values: Record<string, unknown>): Field[] {
  const shares = fields.filter(({ name }) => name.endsWith(SHARE));
  return fields.filter(({ name }) => {
    if (name.endsWith(SHARE)) return true;
    const own = shares
      .filter((share) => name.startsWith(share.name.slice(0, -SHARE.length)))
      .sort((one, other) => other.name.length - one.name.length)[0];
    return !own || (values[own.name] ?? own.initial) !== 0;
  });
}

/** Fields that begin with other values than the schema's. */
export function startingFrom(fields: readonly Field[], values: Record<string, unknown>): Field[] {
  return fields.map((field) =>
    values[field.name] === undefined ? field : { ...field, initial: values[field.name] },
  );
}

/** The schema of a property that is itself an object. */
export function subschema(schema: JsonSchema, name: string): JsonSchema {
  return ((schema as FieldSchema).properties?.[name] ?? {}) as JsonSchema;
}

export function initialValues(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter((field) => field.initial !== undefined).map((field) => [field.name, field.initial]),
  );
}

export function problemsOf(fields: readonly Field[], values: Record<string, unknown>): string[] {
  return fields.flatMap((field) => problemOf(field, values[field.name]) ?? []);
}
