/** Finds the file that a table means by a name: paths of other machines, other letters for one sign, no extension. */
import type { ListedFile } from './listing.ts';

export interface Match {
  /** None, the one, or all that are meant equally well. */
  paths: string[];
  /** `path`: the one path ends in the other. `name`: only the file's own name, or part of its folders, agrees. */
  certainty: 'path' | 'name';
}

export interface NameIndex {
  find(name: string): Match;
}

/** Slashes of one kind, letters composed (a disk may hold them in parts), nothing before the first folder. */
const plainPath = (path: string): string =>
  path
    .trim()
    .replaceAll('\\', '/')
    .replace(/^[a-z]:\//i, '')
    .replace(/^(\.{0,2}\/)+/, '')
    .normalize('NFC');

const withoutExtension = (name: string): string => name.replace(/(\.[^./]+)(\.gz)?$/i, '');
const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

interface Entry {
  path: string;
  parts: string[];
}

export function createNameIndex(files: readonly ListedFile[]): NameIndex {
  const exact = new Map<string, Entry[]>();
  const bare = new Map<string, Entry[]>();
  const folded = new Map<string, Entry[]>();
  const extensions = new Map<string, number>();
  const add = (map: Map<string, Entry[]>, key: string, entry: Entry) => {
    const known = map.get(key);
    if (known) known.push(entry);
    else map.set(key, [entry]);
  };
  for (const { path } of files) {
    const plain = plainPath(path);
    const entry = { path, parts: plain.split('/') };
    const name = lastOf(plain);
    add(exact, name, entry);
    add(bare, withoutExtension(name), entry);
    add(folded, name.toLowerCase(), entry);
    const extension = extensionOf(path);
    extensions.set(extension, (extensions.get(extension) ?? 0) + 1);
  }
  const usual = [...extensions].sort((one, other) => other[1] - one[1])[0]?.[0];
  return {
    find(name) {
      const plain = plainPath(name);
      const parts = plain.split('/');
      const last = lastOf(plain);
      for (const [entries, isBare] of [
        [exact.get(last), false],
        [bare.get(last), true],
        [folded.get(last.toLowerCase()), false],
      ] as const) {
        if (!entries) continue;
        const match = closest(entries, parts);
        if (match.paths.length > 1 && isBare) {
          // "7" beside 7.png and 7.xml: the one of the kind that most files are.
          const ofKind = match.paths.filter((path) => extensionOf(path) === usual);
          if (ofKind.length === 1) return { ...match, paths: ofKind };
        }
        return match;
      }
      return { paths: [], certainty: 'name' };
    },
  };
}

const extensionOf = (path: string): string => /\.[^./]+(\.gz)?$/i.exec(path)?.[0].toLowerCase() ?? '';

/** Those that share most folders with the name, counted from the file upwards. */
function closest(entries: readonly Entry[], parts: readonly string[]): Match {
  let most = 0;
  let best: Entry[] = [];
  for (const entry of entries) {
    let shared = 1;
    while (
      shared < parts.length &&
      shared < entry.parts.length &&
      parts[parts.length - 1 - shared] === entry.parts[entry.parts.length - 1 - shared]
    ) {
      shared += 1;
    }
    if (shared > most) [most, best] = [shared, []];
    if (shared === most) best.push(entry);
  }
  const isWhole = best.every((entry) => most === entry.parts.length || most === parts.length);
  return { paths: best.map(({ path }) => path), certainty: isWhole ? 'path' : 'name' };
}
