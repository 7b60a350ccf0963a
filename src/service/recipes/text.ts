/** A recipe as text: read and checked with line numbers, and written. */
import { LineCounter, isMap, isNode, parseDocument, stringify, type Document } from 'yaml';
import type { DeviceWish } from '../../contract/recipe/device.ts';
import type { Failure } from '../../contract/errors.ts';
import { CORRECT_IN_RECIPE } from '../../contract/field-words.ts';
import { recipeSchema, type Recipe } from '../../contract/recipe/recipe.ts';
import { warnOfData } from './data-needs.ts';
import { checkFields, type Path, type Problem } from './field-check.ts';
import { checkMeaning, type KnownProject } from './meaning.ts';

export type RecipeCheck =
  { valid: true; recipe: Recipe; warnings: Failure[] } | { valid: false; failures: Failure[] };

/** Checks YAML or JSON; all that is wrong is said at once, each with its line. */
export function checkRecipeText(
  text: string,
  fileName: string,
  knownFor: (recipe: Recipe) => KnownProject | null,
  device: { defaults?: DeviceWish; wishes?: DeviceWish } = {},
): RecipeCheck {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    return invalid(
      document.errors.map((error) => ({
        code: 'recipe.syntax',
        message: `This is not YAML: ${error.message}`,
        place: `${fileName}, line ${lines.linePos(error.pos[0]).line}`,
        remedy: 'Look at the indentation and the quotes on this line.',
      })),
    );
  const input = onDevice(document.toJS() as unknown, device);
  const fields = checkFields(recipeSchema, input);
  // What is right is judged further, so that one look tells everything that is wrong.
  const recipe = fields.value ?? recipeSchema.safeParse(without(input, fields.problems)).data;
  const known = recipe ? knownFor(recipe) : null;
  const meaning = recipe ? checkMeaning(recipe, known) : [];
  const problems = [...fields.problems, ...meaning];
  const told = (all: readonly Problem[]) => {
    const placed = all.map((problem) => ({ problem, line: lineOf(document, lines, problem) }));
    return placed
      .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
      .map(({ problem, line }) =>
        toRecipeFailure(problem, line === null ? fileName : `${fileName}, line ${line}`),
      );
  };
  if (!fields.value || problems.length > 0) return invalid(told(problems));
  const warnings = told(warnOfData(fields.value, known?.datasets ?? []));
  return { valid: true, recipe: fields.value, warnings };
}

/** What a recipe says of the machine stands between defaults and wishes; a part that is no object is left to the check. */
function onDevice(input: unknown, { defaults, wishes }: { defaults?: DeviceWish; wishes?: DeviceWish }) {
  const isObject = (value: unknown) => value !== null && typeof value === 'object' && !Array.isArray(value);
  if (!isObject(input)) return input;
  const own = (input as Record<string, unknown>)['device'];
  if (own !== undefined && own !== null && !isObject(own)) return input;
  const device = { ...defaults, ...(own as object | null | undefined), ...wishes };
  return Object.keys(device).length === 0 ? input : { ...(input as object), device };
}

export function toRecipeFailure({ message, advises }: Problem, place: string): Failure {
  return {
    code: 'recipe.invalid',
    message,
    place,
    ...(!advises && { remedy: CORRECT_IN_RECIPE }),
  };
}

/** The recipe with every field written out, so that it repeats the study whatever later defaults are. */
export function recipeToYaml(recipe: Recipe, cautions: readonly string[] = []): string {
  const head = [
    'A study of Pretext Studio. Drop this file on its window, or: pretext study run FILE --project DIR',
    ...cautions,
  ];
  return `${head.map((line) => `# ${line}\n`).join('')}${stringify(recipe, { lineWidth: 100 })}`;
}

/** The document without the fields that are wrong. */
function without(input: unknown, problems: readonly Problem[]): unknown {
  const copy = structuredClone(input);
  // The last first, so that the places of list entries stay true.
  for (const { path } of problems.toReversed()) {
    const parent = path
      .slice(0, -1)
      .reduce<unknown>((part, key) => (part as Record<string, unknown> | null)?.[key], copy);
    const key = path.at(-1);
    if (Array.isArray(parent) && typeof key === 'number') parent.splice(key, 1);
    else if (parent !== null && typeof parent === 'object' && key !== undefined)
      delete (parent as Record<string, unknown>)[key];
  }
  return copy;
}

function invalid(failures: Failure[]): RecipeCheck {
  return { valid: false, failures };
}

function lineOf(document: Document, lines: LineCounter, problem: Problem): number | null {
  const offset = offsetOf(document, problem);
  return offset === null ? null : lines.linePos(offset).line;
}

/** Where the field stands; a missing field is looked for in what should hold it. */
function offsetOf(document: Document, { path, aboutKey }: Problem): number | null {
  for (let length = path.length; length >= 0; length--) {
    const part = path.slice(0, length);
    const key = keyOffset(document, part);
    if (key !== null && (aboutKey || length === path.length || length > 0)) return key;
    const node = document.getIn(part, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return null;
}

function keyOffset(document: Document, path: Path): number | null {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (path.length === 0 || !isMap(parent)) return null;
  const pair = parent.items.find(({ key }) => isNode(key) && String(key) === String(path.at(-1)));
  return pair && isNode(pair.key) && pair.key.range ? pair.key.range[0] : null;
}
