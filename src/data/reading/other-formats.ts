/** Files of other formats beside those that are read: a folder is read in one way, and the others are left out. */
import type { Doubt } from '../../contract/messages/rpc.ts';
import { formatCounted } from '../../contract/words.ts';
import { ACCOMPANYING, type Listing } from './listing.ts';
import type { Reader } from './types.ts';

/** One or two are tables of labels, notes, settings. */
const FEWEST = 3;

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const unpacked = (path: string) => path.toLowerCase().replace(/\.gz$/, '');
const endOf = (path: string) => nameOf(unpacked(path)).split('.').slice(1).at(-1) ?? '';
const stemOf = (path: string) => unpacked(path).replace(/\.[^./]*$/, '');

/**
 * What is said of files that another reader would read. Files that lie beside one of the format under the same name
 * are its parts (a header and its data) or say something of it.
 */
export function otherFormats(
  { files, isFile }: Listing,
  chosen: Reader,
  readers: readonly Reader[],
  labels: string | undefined,
): Doubt[] {
  if (isFile) return [];
  const own = files.filter(({ path }) => chosen.extensions.includes(endOf(path)));
  if (own.length === 0) return [];
  const stems = new Set(own.map(({ path }) => stemOf(path)));
  const kinds = new Map<string, { count: number; reader: Reader }>();
  for (const { path, absolute } of files) {
    const end = endOf(path);
    if (chosen.extensions.includes(end) || absolute === labels) continue;
    if (ACCOMPANYING.test(nameOf(path)) || stems.has(stemOf(path))) continue;
    const reader = readers.find(({ extensions }) => extensions.includes(end));
    if (!reader) continue;
    const kind = kinds.get(end) ?? { count: 0, reader };
    kind.count += 1;
    kinds.set(end, kind);
  }
  const many = [...kinds].filter(([, { count }]) => count >= FEWEST);
  if (many.length === 0) return [];
  const told = many.map(
    ([end, { count, reader }]) => `${count} ${end.toUpperCase()} files (“${reader.title}”)`,
  );
  return [
    {
      code: 'import.several-formats',
      message: `${formatCounted(own.length, 'file')} ${own.length === 1 ? 'is' : 'are'} read as “${chosen.title}”; ${told.join(' and ')} beside them are not read with these.`,
      remedy: `Import those as a dataset of their own: choose their folder, or the format (${many.map(([, { reader }]) => reader.id).join(', ')}).`,
      blocking: false,
    },
  ];
}
