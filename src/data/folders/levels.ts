/** The folders of one depth, over all branches: what they are called, and how they stand to those above. */
import { composed, foldName } from './names.ts';
import type { FolderTree } from './tree.ts';

export interface LevelName {
  /** The spelling that most files have. */
  name: string;
  spellings: string[];
  files: number;
  /** Places where a folder of this name stands: what lies above it, folded. */
  parents: Set<string>;
}

export interface Level {
  names: Map<string, LevelName>;
  /** Files that lie in or below a folder of this level. */
  files: number;
  /** Folders above that hold one of this level. */
  parents: Set<string>;
}

/** What tells two folders of a level apart. */
export function keyOf(tree: FolderTree, name: string): string {
  const folded = foldName(name);
  return tree.apart.has(folded) ? composed(name) : folded;
}

export function levelsOf(tree: FolderTree): Level[] {
  const levels: (Level & { counts: Map<string, Map<string, number>> })[] = [];
  for (const { parts, files } of tree.leaves) {
    let above = '';
    for (const [depth, part] of parts.entries()) {
      const level = (levels[depth] ??= {
        names: new Map(),
        files: 0,
        parents: new Set(),
        counts: new Map(),
      });
      const key = keyOf(tree, part);
      let entry = level.names.get(key);
      if (!entry) level.names.set(key, (entry = { name: part, spellings: [], files: 0, parents: new Set() }));
      entry.files += files;
      entry.parents.add(above);
      level.files += files;
      level.parents.add(above);
      const spellings = level.counts.get(key) ?? new Map<string, number>();
      spellings.set(part, (spellings.get(part) ?? 0) + files);
      level.counts.set(key, spellings);
      above += `/${key}`;
    }
  }
  for (const { names, counts } of levels) {
    for (const [key, entry] of names) {
      const ordered = [...counts.get(key)!].sort((first, second) => second[1] - first[1]);
      entry.name = composed(ordered[0]![0]);
      entry.spellings = ordered.map(([spelling]) => spelling);
    }
  }
  return levels;
}

export const namesOf = (level: Level): string[] => [...level.names.values()].map(({ name }) => name);

/** Whether the same folders come again below each folder above: more than half of them, below two or more. */
export function repeats(level: Level): boolean {
  const repeated = [...level.names.values()].filter(({ parents }) => parents.size > 1).length;
  return level.parents.size > 1 && repeated > level.names.size / 2;
}
