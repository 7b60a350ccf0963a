/** The fields of a recipe, its encoders and tasks, as help text. */
import type { Catalogue, JsonSchema } from '../../contract/catalogue.ts';
import type { FieldSchema } from '../../contract/field-schema.ts';
import { PretextError } from '../../contract/errors.ts';
import { nearest } from '../../contract/suggest.ts';

type Described = Pick<Catalogue['encoders'][number], 'id' | 'title' | 'summary' | 'modalities' | 'options'>;

/** What `study run --help` says below its flags. */
export const RECIPE_HELP = `
A recipe is a YAML file: \`pretext recipe init\` prints one to start from, \`pretext recipe check FILE\` says what is
wrong with one, \`pretext recipe fields\` tells what each field means.`;

/** Groups of what can be asked about, beside the fields of the recipe itself. */
const choicesOf = ({ readers, encoders, tasks }: Catalogue) => [
  { title: 'Formats', field: 'format of a dataset', choices: readers as readonly Described[] },
  { title: 'Encoders', field: 'encoder.family', choices: encoders as readonly Described[] },
  { title: 'Pretext tasks', field: 'pretext.task', choices: tasks as readonly Described[] },
];

/**
 * The fields of a recipe, or of the part that a topic names: a field at its top, `import`, or the id of a format, an
 * encoder or a pretext task.
 *
 * @throws PretextError `recipe.no-such-topic`
 */
export function fieldsHelp(catalogue: Catalogue, topic?: string): string {
  const whole = catalogue.recipe.whole as FieldSchema;
  if (topic === undefined)
    return [
      'Fields of a recipe:',
      fieldLines(whole, 2).trimEnd(),
      '',
      'More of a part: `pretext recipe fields TOPIC`. Topics are',
      `  import: how the files of a dataset under data.import are read`,
      ...choicesOf(catalogue).map(
        ({ title, field, choices }) => `  ${title} (${field}): ${choices.map(({ id }) => id).join(', ')}`,
      ),
    ].join('\n');
  if (topic === 'import')
    return `A dataset under data.import:\n${fieldLines(catalogue.recipe.import as FieldSchema, 2)}`.trimEnd();
  const field = whole.properties?.[topic];
  if (field) return fieldLines({ properties: { [topic]: field } } as FieldSchema, 0).trimEnd();
  const groups = choicesOf(catalogue);
  const found = groups.flatMap(({ title, choices }) =>
    choices
      .filter(({ id }) => id === topic)
      .map((choice) => `${title}:\n${describeChoice(choice)}`.trimEnd()),
  );
  if (found.length > 0) return found.join('\n');
  const topics = ['import', ...Object.keys(whole.properties ?? {})];
  const known = [...topics, ...groups.flatMap(({ choices }) => choices.map(({ id }) => id))];
  const near = nearest(topic, known);
  throw new PretextError({
    code: 'recipe.no-such-topic',
    message: `There is no field, format, encoder or pretext task “${topic}”.${near ? ` Did you mean “${near}”?` : ''}`,
    remedy: '`pretext recipe fields` lists them.',
  });
}

const describeChoice = ({ id, title, summary, modalities, options }: Described) =>
  `  ${id}: ${title} (${modalities.join(', ')}). ${summary}\n${fieldLines(options as FieldSchema, 4)}`;

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
