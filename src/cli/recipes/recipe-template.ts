/** A recipe to start from: every field with its default and what it means, made from the schema. */
import { z } from 'zod';
import type { FieldSchema } from '../../contract/field-schema.ts';
import { recipeSchema } from '../../contract/recipe/recipe.ts';
import { stringify } from 'yaml';

/** What the schema has no default for, and a recipe needs. */
const EXAMPLES: Record<string, unknown> = { name: 'My study', 'data.pretrain': ['my-data'] };
/** Written by hand, as its keys are names that the user chooses. */
const IMPORT_EXAMPLE = `  # import:
  #   my-data:
  #     path: my-images
`;
/** Stages that a recipe may leave out, and mostly has. */
const STAGES = ['pretext', 'finetune'];

/** Parts that most recipes do without: there as comments only. */
const EXTRAS = ['tournament'];

/**
 * YAML with a comment for every field.
 *
 * @param values what is set otherwise than by default, by its place: `pretext.batchSize`
 */
export function recipeTemplate(values: Record<string, unknown> = {}): string {
  const schema = z.toJSONSchema(recipeSchema, { io: 'input', unrepresentable: 'any' }) as FieldSchema;
  const head = '# A study of Pretext Studio. Fields with a default may be left out.\n';
  return head + fieldsText(schema.properties ?? {}, '', 0, { ...EXAMPLES, ...values });
}

function fieldsText(
  fields: Record<string, FieldSchema>,
  path: string,
  depth: number,
  values: Record<string, unknown>,
): string {
  return Object.entries(fields)
    .map(([name, field]) => fieldText(name, field, path ? `${path}.${name}` : name, depth, values))
    .join('');
}

function fieldText(
  name: string,
  field: FieldSchema,
  path: string,
  depth: number,
  values: Record<string, unknown>,
): string {
  const indent = '  '.repeat(depth);
  const unit = field.unit ? ` In ${field.unit}.` : '';
  const comment = field.description ? `${indent}# ${field.description}${unit}\n` : '';
  const choices = field.enum ? `${indent}# One of: ${field.enum.join(', ')}\n` : '';
  if (path === 'data.import') return `${comment}${IMPORT_EXAMPLE}`;
  if (EXTRAS.includes(path) && field.properties) {
    const inner = `${comment}${name}:\n${fieldsText(field.properties, path, depth + 1, values)}`;
    return `\n${inner.replace(/^(?!#)/gm, '# ').replace(/# $/, '')}`;
  }
  if (field.properties && (field.default !== undefined || depth === 0 || STAGES.includes(path))) {
    const inner = fieldsText(field.properties, path, depth + 1, values);
    // A group of which nothing is set is commented out as a whole: empty, it would be no group.
    const isSet = /^ *[^ #]/m.test(inner);
    return `${depth === 0 ? '\n' : ''}${comment}${indent}${isSet ? '' : '# '}${name}:\n${inner}`;
  }
  const value = values[path] ?? field.default;
  if (value === undefined) return `${comment}${choices}${indent}# ${name}:\n`;
  return `${comment}${choices}${indent}${name}: ${inline(value)}\n`;
}

function inline(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}
