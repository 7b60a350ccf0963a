/** Counts what a run sees of a dataset, by the arrays that it is given. */
import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { SeenParts } from '../../contract/data/splits/seen-parts.ts';
import { LEFT_OUT_CODE, SPLIT_NAMES } from '../../contract/data/splits/split.ts';

/** So many names of groups are written down in all. */
const MOST_NAMES = 500;

/**
 * @param groupOf number of each sample's group, -1 for none; null where there are no groups
 * @param nameOf name of a group, by its number
 */
export function seenParts(
  codes: Uint8Array,
  groupOf: Int32Array | null,
  nameOf: (group: number) => string,
): Pick<SeenParts, 'parts' | 'parted'> {
  const places = SPLIT_NAMES.map(() => new Int32Array(codes.length));
  const counts = SPLIT_NAMES.map(() => 0);
  const groups = SPLIT_NAMES.map(() => new Set<number>());
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index]!;
    places[code]![counts[code]!] = index;
    counts[code]! += 1;
    const group = groupOf?.[index] ?? -1;
    if (group >= 0) groups[code]!.add(group);
  }
  const all = groups.reduce((sum, { size }) => sum + size, 0);
  const namesOf = (own: ReadonlySet<number>) => [...own].map(nameOf).sort();
  const parts = Object.fromEntries(
    SPLIT_NAMES.map((name, code) => [
      name,
      {
        samples: counts[code]!,
        groups: groups[code]!.size,
        ...(groupOf && all <= MOST_NAMES && { names: namesOf(groups[code]!) }),
        sha256: hashOf(places[code]!.subarray(0, counts[code])),
      },
    ]),
  ) as SeenParts['parts'];
  return { parts, parted: partedOf(groups.slice(0, LEFT_OUT_CODE)) };
}

function partedOf(groups: readonly ReadonlySet<number>[]): number {
  const all = new Set(groups.flatMap((own) => [...own]));
  return [...all].filter((group) => groups.filter((own) => own.has(group)).length > 1).length;
}

function hashOf(places: Int32Array): string {
  const bytes = Buffer.from(places.buffer, places.byteOffset, places.byteLength);
  return createHash('sha256')
    .update(endianness() === 'LE' ? bytes : Buffer.from(bytes).swap32())
    .digest('hex');
}
