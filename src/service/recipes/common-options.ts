/** What several sets of options have alike. */
import { isDeepStrictEqual } from 'node:util';

type Options = Record<string, unknown>;

/** Of options that stand in all of them those with one value; of groups of options their own that do. */
export const commonOptions = ([first, ...others]: readonly Options[]): Options =>
  others.reduce<Options>((common, one) => shared(common, one), first ?? {});

function shared(first: Options, second: Options): Options {
  return Object.fromEntries(
    Object.entries(first).flatMap(([name, value]) => {
      const other = second[name];
      if (isDeepStrictEqual(value, other)) return [[name, value]];
      return isGroup(value) && isGroup(other) ? [[name, shared(value, other)]] : [];
    }),
  );
}

export const isGroup = (value: unknown): value is Options =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
