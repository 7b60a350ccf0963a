/**
 * The plan of a tree of folders: which level is the split, the class, the group, and where each file belongs.
 *
 * It is made once from the files' paths; what is shown before an import is what the import carries out.
 */
import type { FolderLevel, FolderPlanSummary, FolderRole } from '../../contract/data/folder-plan.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Doubt } from '../../contract/messages/rpc.ts';
import { composed, foldName, saysUnlabeled, splitOfName, type FolderSplit } from './names.ts';
import { keyOf, levelsOf, type Level } from './levels.ts';
import { quoted, understand } from './readings.ts';
import { buildTree, folderOf, type FolderTree } from './tree.ts';

export interface Place {
  split: FolderSplit;
  /** Null: no class folder, or a folder named unlabeled. */
  className: string | null;
  /** The folder of a subject or site, whose samples are never parted; null for none. */
  group: string | null;
  /** It lies among masks or labels, and is no sample. */
  leftOut: boolean;
}

export interface FolderPlan extends FolderPlanSummary {
  /** @param path of one of the files that the plan was made from */
  place(path: string): Place;
}

const SHOWN_NAMES = 200;
const SPLITS = ['train', 'validation', 'test'] as const;

/**
 * @param paths of all samples, relative to the imported folder, with slashes
 * @param chosen roles that were asked for: `group/class`
 * @throws PretextError `import.folders` when more roles were asked for than there are levels
 */
export function planFolders(paths: readonly string[], chosen?: string): FolderPlan {
  const tree = buildTree(paths);
  const levels = levelsOf(tree);
  const understood = understand(levels);
  const roles = chosen === undefined ? understood.roles : rolesAsked(chosen, levels);
  const isOwn = chosen === undefined || chosen === understood.roles.join('/');
  const readings = isOwn ? understood.alternatives : [understood.roles, ...understood.alternatives];
  const places = placesOf(tree, levels, roles);
  const leftOut = tree.leftOut.map(({ folder }) => `${folder}/`);
  return {
    levels: levels.map((level, at) =>
      describeLevel(level, roles[at]!, isOwn ? understood.whys[at]! : 'chosen'),
    ),
    folders: roles.length > 0 ? roles.join('/') : null,
    wrappers: tree.wrappers,
    leftOut: tree.leftOut,
    alternatives: readings
      .filter((other) => other.join('/') !== roles.join('/'))
      .map((other) => ({ folders: other.join('/'), words: wordsOf(levels, other) })),
    question: chosen === undefined ? understood.question : null,
    warnings: warningsOf(tree, levels, roles, places),
    place: (path) =>
      places.get(folderOf(path)) ??
      (leftOut.some((folder) => path.startsWith(folder)) ? { ...OUTSIDE, leftOut: true } : OUTSIDE),
  };
}

/** Where no file that is a sample by its name lies. */
const OUTSIDE: Place = { split: -1, className: null, group: null, leftOut: false };

/** What has to be asked before an import; null where one reading is better than all others. */
export function folderDoubt(plan: FolderPlan): Doubt | null {
  if (plan.question === null || plan.folders === null) return null;
  const own = { folders: plan.folders, words: wordsOfLevels(plan.levels) };
  const choices = [own, ...plan.alternatives].slice(0, 3);
  return {
    code: 'import.folders-unclear',
    message: `${plan.question} It cannot be told which of them are the classes.`,
    remedy: `Say which is meant: ${choices.map(({ folders, words }) => `--folders ${folders} (${words})`).join(', or ')}. In a recipe it is the field “folders”.`,
    blocking: true,
  };
}

function rolesAsked(chosen: string, levels: readonly Level[]): FolderRole[] {
  const roles = chosen.split('/') as FolderRole[];
  // That nothing is to be understood holds of any number of levels.
  if (roles.every((role) => role === 'ignored')) return levels.map(() => 'ignored');
  const found = levels.length === 1 ? 'is 1 level' : `are ${levels.length} levels`;
  if (roles.length <= levels.length) return levels.map((_, at) => roles[at] ?? 'ignored');
  throw new PretextError({
    code: 'import.folders',
    message: `“folders” names ${roles.length} levels (${chosen}), and there ${found} of folders above the files.`,
    place: 'folders',
    remedy: 'Name at most as many; folders that hold nothing but one other folder are not counted.',
  });
}

/** Where the files of each folder belong. */
function placesOf(
  tree: FolderTree,
  levels: readonly Level[],
  roles: readonly FolderRole[],
): ReadonlyMap<string, Place> {
  const at = (role: FolderRole) => roles.indexOf(role);
  const nameAt = (parts: readonly string[], depth: number) => {
    const part = parts[depth];
    return part === undefined ? null : (levels[depth]?.names.get(keyOf(tree, part))?.name ?? part);
  };
  return new Map(
    tree.leaves.map(({ folder, parts }) => {
      const className = nameAt(parts, at('class'));
      const splitName = nameAt(parts, at('split'));
      const place: Place = {
        split: splitName === null ? -1 : splitOfName(splitName),
        className: className === null || saysUnlabeled(className) ? null : className,
        group: nameAt(parts, at('group')),
        leftOut: false,
      };
      return [folder, place];
    }),
  );
}

function describeLevel({ names }: Level, role: FolderRole, why: string): FolderLevel {
  const all = [...names.values()];
  return {
    role,
    why,
    nameCount: all.length,
    names: all.slice(0, SHOWN_NAMES).map(({ name, files }) => ({
      name,
      files,
      ...(role === 'split' && { split: SPLITS[Math.max(0, splitOfName(name))]! }),
    })),
  };
}

const ROLE_WORDS: Record<FolderRole, string> = {
  split: 'splits',
  class: 'classes',
  group: 'groups',
  ignored: 'ignored',
};

const wordsOf = (levels: readonly Level[], roles: readonly FolderRole[]): string =>
  wordsOfLevels(levels.map((level, at) => describeLevel(level, roles[at]!, '')));

/** “s1”, “s2” are groups; “walk” and “sit” are classes */
function wordsOfLevels(levels: readonly FolderLevel[]): string {
  const meaning = levels.filter(({ role }) => role !== 'ignored');
  return meaning
    .map(({ role, names }) => `${ROLE_WORDS[role]}: ${quoted(names.map(({ name }) => name))}`)
    .join('; ');
}

function warningsOf(
  tree: FolderTree,
  levels: readonly Level[],
  roles: readonly FolderRole[],
  places: ReadonlyMap<string, Place>,
): string[] {
  const warnings: string[] = [];
  for (const [at, { names }] of levels.entries()) {
    const what = { split: 'split', class: 'class', group: 'group', ignored: '' }[roles[at]!];
    if (!what) continue;
    for (const { name, spellings } of names.values()) {
      if (spellings.length < 2) continue;
      const forms = new Set(spellings.map(composed));
      warnings.push(
        forms.size === 1
          ? `The name “${name}” is written with composed and with decomposed letters; both are one ${what}.`
          : `${quoted([...forms])} differ in upper and lower case alone, and are read as one ${what}, “${name}”.`,
      );
    }
    const apart = [...names.values()].filter(({ name }) => tree.apart.has(foldName(name)));
    if (apart.length > 1)
      warnings.push(
        `${quoted(apart.map(({ name }) => name))} stand side by side and differ in upper and lower case alone: they are kept apart.`,
      );
  }
  return [...warnings, ...countWarnings(tree, roles, places)];
}

function countWarnings(
  tree: FolderTree,
  roles: readonly FolderRole[],
  places: ReadonlyMap<string, Place>,
): string[] {
  if (!roles.includes('class')) return [];
  const counts = new Map<string, number[]>();
  const unlabeled = [0, 0, 0];
  for (const { folder, files } of tree.leaves) {
    const { className, split } = places.get(folder)!;
    const code = Math.max(0, split);
    if (className === null) unlabeled[code]! += files;
    else {
      const ofClass = counts.get(className) ?? [0, 0, 0];
      ofClass[code]! += files;
      counts.set(className, ofClass);
    }
  }
  const warnings: string[] = [];
  const loose = unlabeled[0]! + unlabeled[1]! + unlabeled[2]!;
  if (loose > 0)
    warnings.push(
      `${loose} ${loose === 1 ? 'file lies' : 'files lie'} in no class folder and will have no label.`,
    );
  if (roles.includes('split')) {
    for (const code of [1, 2] as const) {
      const labeled = [...counts.values()].some((ofClass) => ofClass[code]! > 0);
      if (!labeled && unlabeled[code]! > 0)
        warnings.push(
          `No file of the ${SPLITS[code]} folder lies in a class folder: nothing of it has a label.`,
        );
    }
    const unseen = [...counts].filter(([, ofClass]) => ofClass[0] === 0).map(([name]) => name);
    if (unseen.length > 0)
      warnings.push(
        `${quoted(unseen)} ${unseen.length === 1 ? 'has' : 'have'} no training data, so ${unseen.length === 1 ? 'it' : 'they'} can never be answered right.`,
      );
  }
  if (counts.size === 1)
    warnings.push(`“${[...counts.keys()][0]}” is the only class: one class cannot be told from another.`);
  return warnings;
}
