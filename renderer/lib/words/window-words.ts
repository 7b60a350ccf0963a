/** Words of the contract that name fields and commands, as the window knows them: it has titles, and no command line. */
import { z } from 'zod';
import type { Failure } from '../../../src/contract/errors.ts';
import { humanize, type FieldSchema } from '../../../src/contract/field-schema.ts';
import { recipeSchema } from '../../../src/contract/recipe/recipe.ts';

/** `pretext.seeds`, `farIn: recording` */
const FIELD = /`([a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*)*)(?:: ([^`]+))?`/g;
/** What else a sentence offers that is typed. */
const COMMAND = /,? or `pretext [^`]*`/g;

let recipeTitles: ReadonlyMap<string, string> | undefined;

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

function titleOf(place: string, more: ReadonlyMap<string, string> | undefined): string | undefined {
  recipeTitles ??= new Map(titlesIn(z.toJSONSchema(recipeSchema, { io: 'input' }) as FieldSchema));
  return more?.get(place) ?? recipeTitles.get(place);
}

/**
 * The text with “Seeds” for `pretext.seeds`, and without what only a command line can do.
 *
 * @param more titles of fields that no recipe has at a fixed place, such as a task's options
 */
export const inWindowWords = (text: string, more?: ReadonlyMap<string, string>): string =>
  text.replaceAll(COMMAND, '').replaceAll(FIELD, (whole, place: string, value?: string) => {
    const title = titleOf(place, more);
    return title === undefined ? whole : `“${title}${value === undefined ? '' : `: ${value}`}”`;
  });

/** A failure that names fields of a recipe, where no recipe is in sight. */
export function failureInWindow<Told extends Failure>(failure: Told): Told {
  const { message, place, remedy } = failure;
  const title = place === undefined ? undefined : titleOf(place, undefined);
  // “pretext.epochs must be …”: the place has its own line, and the sentence begins with it.
  const told =
    title !== undefined && message.startsWith(`${place} `)
      ? `“${title}”${message.slice(place!.length)}`
      : message;
  return {
    ...failure,
    message: inWindowWords(told),
    ...(title !== undefined && { place: title }),
    ...(remedy !== undefined && { remedy: inWindowWords(remedy) }),
  };
}

/** The same in a form, whose fields are there to be changed. */
export const failureInForm = (failure: Failure): Failure =>
  failureInWindow(failure.code === 'recipe.invalid' ? { ...failure, remedy: 'Change it here.' } : failure);
