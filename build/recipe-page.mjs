// `node build/recipe-page.mjs [--check]`: writes docs/recipe.md from the schemas of recipes and of all options.
import { join } from 'node:path';
import { buildCatalogue } from '../src/service/recipes/catalogue.ts';
import { root } from './setup/paths.mjs';
import { writePageWhenRun } from './written-page.mjs';

export const recipePageFile = join(root, 'docs', 'recipe.md');

/** The page as it must be for the fields and formats of now. */
export function recipePage() {
  const { recipe, readers } = buildCatalogue();
  const { data, ...whole } = recipe.whole.properties;
  const { import: imports, ...ofData } = data.properties;
  const isStage = ([, { properties }]) => properties !== undefined;
  const stages = Object.entries(whole).filter(isStage);
  const told = readers.filter(({ options }) => Object.keys(options.properties ?? {}).length > 0);
  return `${[
    '# Recipes',
    'Written by `node build/recipe-page.mjs` from the schemas that check recipes, draw the forms of the window and make the flags and the help of the command line. `pretext recipe init` prints a recipe to start from; `pretext recipe fields` tells the options of encoders and pretext tasks too.',
    lines(Object.fromEntries(Object.entries(whole).filter((entry) => !isStage(entry)))),
    '## data',
    lines(ofData),
    '## data.import',
    `${imports.description} By the name of each:`,
    lines(recipe.import.properties),
    '### Formats',
    readers.map(({ id, title, summary }) => `- \`${id}\`: ${title}. ${summary}`).join('\n'),
    ...told.flatMap(({ id, options }) => [`Options of \`${id}\`:`, lines(options.properties)]),
    ...formsOf(told),
    ...stages.flatMap(([name, { description, properties }]) => [
      `## ${name}`,
      ...(description ? [description] : []),
      lines(properties),
    ]),
  ].join('\n\n')}\n`;
}

/** Fields one a line, those of groups by their path. */
function lines(fields, before = '') {
  return Object.entries(fields)
    .flatMap(([name, field]) =>
      field.properties
        ? lines(field.properties, `${before}${name}.`)
        : [`- \`${before}${name}\`: ${words(field)}`],
    )
    .join('\n');
}

/** Lists whose members have a form each are told once, for all formats that have them: the steps of a preparation. */
function formsOf(readers) {
  const lists = readers.flatMap(({ options }) =>
    Object.entries(options.properties).flatMap(([group, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, { items }]) => items?.oneOf)
        .map(([name, { items }]) => [`${group}.${name}`, items.oneOf]),
    ),
  );
  return [...new Map(lists)].flatMap(([name, forms]) => [
    `### Members of \`${name}\``,
    forms
      .map(({ description, properties: { step, ...fields } }) =>
        [`- \`step: ${step.const}\`: ${description}`, lines(fields).replace(/^/gm, '  ')].join('\n'),
      )
      .join('\n'),
  ]);
}

function words({ description = '', allowed, unit, enum: choices, default: standard }) {
  const facts = [
    choices
      ? choices.map((choice) => `\`${choice}\``).join(', ')
      : code(allowed === 'a value' ? '' : (allowed ?? '')),
    unit ? `in ${unit}` : '',
    isEmpty(standard) ? '' : `default \`${JSON.stringify(standard).replaceAll('"', '')}\``,
  ].filter(Boolean);
  return facts.length > 0 ? `${description} (${facts.join('; ')})` : description;
}

/** What stands in braces is code. */
const code = (allowed) => allowed.replace(/\{[^}]*\}/g, (braces) => `\`${braces}\``);

const isEmpty = (value) =>
  value === undefined || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

writePageWhenRun(import.meta.url, recipePageFile, recipePage);
