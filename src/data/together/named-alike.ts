/** Channels and columns of several datasets, told by their names and by what a person said of these. */
import type { Together } from '../../contract/recipe/together.ts';
import { nearest } from '../../contract/suggest.ts';
import { cannotMeet, someOf } from './request.ts';

/** One channel or column of a source: what it is called in common, and where it stands among the source's own. */
export interface Named {
  /** The same for all that are the same. */
  key: string;
  name: string;
  place: number;
}

export interface Naming {
  /** The same for all spellings of one name. */
  keyOf(name: string): string;
  /** How the common one is written. */
  written(name: string): string;
  /** “channel” or “column”. */
  thing: string;
}

/**
 * @param own names of the source in their order
 * @throws PretextError `together.unknown-name`, `together.ambiguous`
 */
export function namedOf(
  source: string,
  own: readonly string[],
  byHand: Together['names'][string] = {},
  { keyOf, written, thing }: Naming,
): Named[] {
  for (const name of Object.keys(byHand)) {
    if (own.includes(name)) continue;
    const guess = nearest(name, own);
    throw cannotMeet(
      'unknown-name',
      `“${source}” has no ${thing} “${name}”, which \`data.together.names\` gives another name. It has: ${someOf(own)}.`,
      `data.together.names.${source}`,
      guess ? `Did you mean “${guess}”?` : `Name one of them.`,
    );
  }
  const found = new Map<string, Named & { own: string }>();
  own.forEach((name, place) => {
    const common = byHand[name] ?? name;
    const key = keyOf(common);
    const earlier = found.get(key);
    if (earlier)
      throw cannotMeet(
        'ambiguous',
        `“${earlier.own}” and “${name}” of “${source}” are both understood as ${thing} “${written(common)}”.`,
        `data.together.names.${source}`,
        `Give one of them another name by hand (\`data.together.names\`), as “${name}”: “${name} 2”.`,
      );
    found.set(key, { key, name: written(common), place, own: name });
  });
  return [...found.values()].map(({ own: _own, ...named }) => named);
}

/**
 * What is taken of several lists: what any has where `all` is asked for, else what all have.
 *
 * @param nothing what to say where that is nothing: `found` begins the message, and what each source has follows
 * @throws PretextError `together.…`
 */
export function takenOf(
  sources: readonly { name: string }[],
  lists: readonly Named[][],
  match: Together['match'],
  nothing: { code: string; found: string; remedy: string },
): Named[] {
  const taken = match === 'all' ? allOf(lists) : commonOf(lists);
  if (taken.length > 0) return taken;
  const had = sources.map(({ name }, at) => `“${name}” has ${someOf(lists[at]!.map((one) => one.name))}`);
  throw cannotMeet(nothing.code, `${nothing.found}: ${had.join('; ')}.`, 'data.together', nothing.remedy);
}

/** Those that all lists have, in the order of the first. */
export function commonOf(lists: readonly Named[][]): Named[] {
  const keys = lists.map((list) => new Set(list.map(({ key }) => key)));
  return lists[0]!.filter(({ key }) => keys.every((own) => own.has(key)));
}

/** Those that any list has, in the order of the lists. */
export function allOf(lists: readonly Named[][]): Named[] {
  const found = new Map<string, Named>();
  for (const one of lists.flat()) if (!found.has(one.key)) found.set(one.key, one);
  return [...found.values()];
}

/** Of each of the wanted its place in a list; -1 where it is not there. */
export function placesOf(wanted: readonly Named[], list: readonly Named[]): number[] {
  const placeOf = new Map(list.map(({ key, place }) => [key, place]));
  return wanted.map(({ key }) => placeOf.get(key) ?? -1);
}
