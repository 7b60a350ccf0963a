/** What is doubtful about an import, in the words of its form: the doubts themselves name fields, as recipes have them. */
import type { JsonSchema, ReaderDescription } from '../../../src/contract/catalogue.ts';
import { mentionFields } from '../../../src/contract/field-mentions.ts';
import { titlesIn, type FieldSchema } from '../../../src/contract/field-schema.ts';

/** Fields of tables that the grid of columns shows, and not a field of their own. */
const IN_GRID: readonly [string, string][] = [
  ['kinds', '“Taken as”'],
  ['labelColumn', '“Target (label)”'],
  ['labelColumns', '“Target (label)”'],
];

/** “Window length” for `windowLength`: sentences name a field without the group that it stands in. */
function titlesOf(schema: FieldSchema): [string, string][] {
  const all = titlesIn(schema);
  const isGroup = (place: string) => all.some(([other]) => other.startsWith(`${place}.`));
  return all
    .filter(([place]) => !isGroup(place))
    .map(([place, title]) => [place.split('.').at(-1)!, `“${title}”`]);
}

/**
 * The text with “Window length” for `signals.windowLength`.
 * @param schema of imports
 * @param reader of the format that was found or chosen, whose own options are fields as well
 * @param isTable its columns stand in a grid of their own
 */
export function inTitles(
  text: string,
  schema: JsonSchema,
  reader: ReaderDescription | undefined,
  isTable: boolean,
): string {
  const own = reader ? titlesOf(reader.options as FieldSchema) : [];
  const titles = new Map([...titlesOf(schema as FieldSchema), ...own, ...(isTable ? IN_GRID : [])]);
  return mentionFields(text, titles);
}
