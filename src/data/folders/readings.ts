/**
 * What the levels of folders can mean, and which meaning is taken.
 *
 * The tree is judged as a whole: a split beside its class folders, below them, or above; subjects above or below
 * classes. Where two readings are equally good it is asked which one is meant.
 */
import type { FolderRole } from '../../contract/data/folder-plan.ts';
import { namesOf, repeats, type Level } from './levels.ts';
import { areNumbered, areSubjects, isContainer, isSplitLevel, saysUnlabeled, splitOfName } from './names.ts';

export interface Understanding {
  roles: FolderRole[];
  /** One for each level. */
  whys: string[];
  /** What else they could be, the likeliest first. */
  alternatives: FolderRole[][];
  /** What can be read in two ways that are equally good; null where nothing has to be asked. */
  question: string | null;
}

type Changes = Record<number, FolderRole>;

interface Draft extends Omit<Understanding, 'alternatives'> {
  /** Alternatives, by the levels in which they differ from what is taken in the end. */
  changes: Changes[];
}

/** Below this share of the files above, deeper folders are an exception and no level of meaning. */
const MOST_FILES = 0.9;

export function understand(levels: readonly Level[]): Understanding {
  const draft: Draft = {
    roles: levels.map(() => 'ignored'),
    whys: levels.map(() => 'deeper folders belong to those above'),
    changes: [],
    question: null,
  };
  const split = levels.findIndex((level) => isSplitLevel(namesOf(level)));
  if (split >= 0) decideSplit(levels, split, draft);
  decideRest(
    levels,
    levels.map((_, at) => at).filter((at) => at !== split),
    draft,
  );
  const alternatives = draft.changes.map((changes) => apply(draft.roles, changes));
  const written = new Set([draft.roles.join('/')]);
  return {
    roles: draft.roles,
    whys: draft.whys,
    question: draft.question,
    alternatives: alternatives.filter((roles) => {
      const isNew = !written.has(roles.join('/'));
      written.add(roles.join('/'));
      return isNew && roles.some((role) => role !== 'ignored');
    }),
  };
}

/** There is one level of each role: a level that takes it leaves another without. */
function apply(roles: readonly FolderRole[], changes: Changes): FolderRole[] {
  const taken = Object.values(changes);
  return roles.map((role, at) => changes[at] ?? (taken.includes(role) ? 'ignored' : role));
}

function set(draft: Draft, at: number, role: FolderRole, why: string): void {
  draft.roles[at] = role;
  draft.whys[at] = why;
}

function decideSplit(levels: readonly Level[], at: number, draft: Draft): void {
  const names = namesOf(levels[at]!).filter((name) => !saysUnlabeled(name));
  const others = names.filter((name) => splitOfName(name) === -1);
  set(draft, at, 'split', 'the names say which data train and which are held out');
  if (others.length === 0) return;
  draft.changes.push({ [at]: 'class' });
  draft.whys[at] += `; ${quoted(others)} say neither and are read as training data`;
  if (others.length >= names.length - others.length)
    draft.question = `${quoted(names)} stand side by side: some are named like splits, others are not.`;
}

function decideRest(levels: readonly Level[], rest: readonly number[], draft: Draft): void {
  const several = rest.filter((at) => levels[at]!.names.size > 1);
  const meaningful = rest.filter((at) => {
    // One folder in all may be a class, the only one, where nothing else is.
    const says = several.includes(at) || (several.length === 0 && !isContainer(namesOf(levels[at]!)[0]!));
    if (!says) set(draft, at, 'ignored', 'there is one folder for all, which tells none from another');
    return says;
  });
  const subject = meaningful.find((at) => areSubjects(namesOf(levels[at]!)));
  if (subject !== undefined) {
    set(
      draft,
      subject,
      'group',
      'the names are those of subjects, sites or sessions, which splits never part',
    );
    draft.changes.push({ [subject]: 'class' });
  }
  const [first, second] = meaningful.filter((at) => !areSubjects(namesOf(levels[at]!)));
  if (first === undefined) return;
  if (second !== undefined && levels[second]!.files >= MOST_FILES * levels[first]!.files)
    return decidePair(levels, first, second, draft, subject === undefined ? 'group' : 'ignored');
  set(draft, first, 'class', 'each folder is one class');
  if (second !== undefined) draft.changes.push({ [first]: 'ignored', [second]: 'class' });
  if (subject === undefined && areNumbered(namesOf(levels[first]!))) draft.changes.push({ [first]: 'group' });
}

/** Two levels of which either may be the class. */
function decidePair(
  levels: readonly Level[],
  upper: number,
  lower: number,
  draft: Draft,
  group: FolderRole,
): void {
  const [above, below] = [levels[upper]!, levels[lower]!];
  const [upperNames, lowerNames] = [namesOf(above), namesOf(below)];
  const isRepeated = repeats(below);
  if (isRepeated && !areNumbered(lowerNames)) {
    set(draft, upper, group, 'the same folders come again below each of these: subjects, sites or sessions');
    set(draft, lower, 'class', 'the same folders come again below each of those above');
    draft.changes.push({ [upper]: 'class', [lower]: 'ignored' }, { [upper]: 'ignored', [lower]: 'class' });
    // Many numbered folders that hold the same few words: subjects with their classes.
    if (areNumbered(upperNames) && upperNames.length >= Math.max(3, lowerNames.length)) return;
    draft.question = `The same folders (${quoted(lowerNames)}) come again below each of ${quoted(upperNames)}.`;
    return;
  }
  set(draft, upper, 'class', 'each folder is one class');
  if (below.parents.size >= below.names.size && !isRepeated) {
    set(draft, lower, 'ignored', 'there is one folder in each of those above, which adds nothing');
    draft.changes.push({ [upper]: 'ignored', [lower]: 'class' });
  } else if (areNumbered(lowerNames)) {
    set(draft, lower, 'ignored', 'numbered folders below a class belong to it');
    draft.changes.push({ [lower]: group });
  } else {
    set(draft, lower, 'ignored', 'deeper folders belong to the class above');
    draft.changes.push({ [upper]: 'ignored', [lower]: 'class' }, { [lower]: group });
    draft.question = `There are two levels of folders: ${quoted(upperNames)}, and below them ${quoted(lowerNames)}.`;
  }
}

const SHOWN = 3;

/** “cat”, “dog” and 8 more */
export function quoted(names: readonly string[]): string {
  const shown = names.slice(0, names.length > SHOWN + 1 ? SHOWN : SHOWN + 1).map((name) => `“${name}”`);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
