/** The fields of a recipe, its encoders and tasks, as help text. */
import type { Catalogue, JsonSchema } from '../../contract/catalogue.ts';
import type { FieldSchema } from '../../contract/field-schema.ts';

type Described = Pick<Catalogue['encoders'][number], 'id' | 'title' | 'summary' | 'modalities' | 'options'>;

/** What `study run --help` says below its flags. */
export function recipeHelp({ recipe, readers, encoders, tasks }: Catalogue): string {
  const choice = ({ id, title, summary, modalities, options }: Described) =>
    `  ${id}: ${title} (${modalities.join(', ')}). ${summary}\n${fieldLines(options as FieldSchema, 4)}`;
  return [
    '',
    'A recipe is a YAML file; `pretext recipe init` prints one to start from. Its fields:',
    fieldLines(recipe.whole as FieldSchema, 2),
    'A dataset under data.import:',
    fieldLines(recipe.import as FieldSchema, 2),
    'Formats (format) and their own options:',
    ...readers.map(choice),
    'Encoders (encoder.family) and their options:',
    ...encoders.map(choice),
    'Pretext tasks (pretext.task) and their options:',
    ...tasks.map(choice),
  ].join('\n');
}

function fieldLines(schema: JsonSchema | FieldSchema, depth: number): string {
  return Object.entries((schema as FieldSchema).properties ?? {})
    .map(([name, field]) => {
      const line = `${' '.repeat(depth)}${name}: ${describe(field)}\n`;
      return field.properties ? line + fieldLines(field, depth + 2) : line;
    })
    .join('');
}

function describe(schema: FieldSchema): string {
  const { description = '', unit, type, allowed, default: standard } = schema;
  const isPlain = type === undefined || ['string', 'object', 'boolean'].includes(type);
  const facts = [
    schema.enum?.join(' | ') ?? (isPlain ? '' : `${allowed ?? ''}${unit ? ` ${unit}` : ''}`),
    standard === undefined || standard === '' || typeof standard === 'object'
      ? ''
      : `default ${String(standard)}`,
  ];
  const known = facts.filter(Boolean).join(', ');
  return [description, known && `[${known}]`].filter(Boolean).join(' ');
}
