/** Words of the contract that name fields and commands, as the window knows them: it has titles, and no command line. */
import { z } from 'zod';
import type { Failure } from '../../../src/contract/errors.ts';
import { CORRECT_FIELD, CORRECT_IN_RECIPE } from '../../../src/contract/field-words.ts';
import { titlesIn, type FieldSchema } from '../../../src/contract/field-schema.ts';
import { recipeSchema } from '../../../src/contract/recipe/recipe.ts';

/** `pretext.seeds`, `farIn: recording` */
const FIELD = /`([a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*)*)(?:: ([^`]+))?`/g;
/** What else a sentence offers that is typed: “…, or by `pretext data kind`”, “(or `pretext gpu install`)”. */
const COMMAND = / \(or (?:by )?`pretext [^`]*`\)|,? or (?:by )?`pretext [^`]*`/g;
/** What to do, where nothing more can be said than that it is wrong. */
const ANY_REMEDY: readonly string[] = [CORRECT_IN_RECIPE, CORRECT_FIELD];

let recipeTitles: ReadonlyMap<string, string> | undefined;

function titleOf(place: string, more: ReadonlyMap<string, string> | undefined): string | undefined {
  recipeTitles ??= new Map(titlesIn(z.toJSONSchema(recipeSchema, { io: 'input' }) as FieldSchema));
  return more?.get(place) ?? recipeTitles.get(place);
}

const withoutCommands = (text: string): string => text.replaceAll(COMMAND, '');

/**
 * The text with “Seeds” for `pretext.seeds`, and without what only a command line can do.
 *
 * @param more titles of fields that no recipe has at a fixed place, such as a task's options
 */
export const inWindowWords = (text: string, more?: ReadonlyMap<string, string>): string =>
  withoutCommands(text).replaceAll(FIELD, (whole, place: string, value?: string) => {
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

/** A failure of a recipe that is read as a file: its fields keep the names that they have there. */
export const failureOfFile = (failure: Failure): Failure => ({
  ...failure,
  message: withoutCommands(failure.message),
  ...(failure.remedy !== undefined && { remedy: withoutCommands(failure.remedy) }),
});

/** The same in a form, whose fields are there to be changed; what a message says itself to do, it may not be able to. */
export const failureInForm = (failure: Failure): Failure =>
  failureInWindow(
    failure.remedy !== undefined && ANY_REMEDY.includes(failure.remedy)
      ? { ...failure, remedy: 'Change it here.' }
      : failure,
  );
