/** What the name of a folder says: a split, a subject, a mere container, no label, a mask. */

/** Split that a folder names: `SPLIT_CODE`, or -1 for none. */
export type FolderSplit = -1 | 0 | 1 | 2;

/** Systems compose accents differently, and copying changes case: neither tells two folders apart. */
export const foldName = (name: string): string => composed(name).toLowerCase();
export const composed = (name: string): string => name.normalize('NFC').trim();

const SPLIT_WORDS: Record<string, FolderSplit> = {
  train: 0,
  training: 0,
  trn: 0,
  val: 1,
  valid: 1,
  validation: 1,
  validate: 1,
  dev: 1,
  eval: 1,
  evaluation: 1,
  test: 2,
  testing: 2,
  tst: 2,
  holdout: 2,
};
/** Words around a split's name: "training_set", "images-test", "seg_train". */
const FILLERS = /^(set|sets|data|dataset|images?|imgs?|pics|files|samples|folder|split|seg|my|new|final)$/;

/** The split that a folder's name says, -1 for none. What its neighbours say counts too: see `isSplitLevel`. */
export function splitOfName(name: string): FolderSplit {
  const words = composed(name)
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/(train|training|test|val|valid|validation)(set|data|images)$/, '$1')
    .replace(/(?<=\p{L})(19|20)\d\d$/u, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !FILLERS.test(word));
  return words.length === 1 ? (SPLIT_WORDS[words[0]!] ?? -1) : -1;
}

/**
 * Names of folders beside each other are splits when training stands beside validation or test data.
 * "valid" beside "invalid" is a class, and so is "test" beside "control", and "train" beside "car".
 */
export function isSplitLevel(names: readonly string[]): boolean {
  const folded = names.map(foldName);
  const found = new Set(
    names
      .filter((_, at) => folded[at] !== 'valid' || !folded.some((name) => /^(in|not[-_ ]?)valid$/.test(name)))
      .map(splitOfName),
  );
  return found.has(0) && (found.has(1) || found.has(2));
}

const UNLABELED = /^(un-?labell?ed|unsup(ervised)?|no[-_ ]?labels?)$/i;
export const saysUnlabeled = (name: string): boolean => UNLABELED.test(composed(name));

const CONTAINERS =
  /^(images?|imgs?|pictures?|pics?|photos?|data|dataset|datasets|files|samples|all|raw|jpe?gs?|pngs?|tiff?s?|bmps?|frames|crops|cropped|resized|signals?|recordings?|csv|txt)$/;
/** A name that says nothing about what is inside: "images", "data". */
export const isContainer = (name: string): boolean => CONTAINERS.test(foldName(name));

const PICTURES = /^(images?|imgs?|pictures?|photos?|data|raw|originals?|inputs?)$/;
const MARKINGS =
  /^(labels?|masks?|annotations?|annots?|gt|ground[-_ ]?truth|segmentations?|segs?|segmentation[-_ ]?class|segmentation[-_ ]?object|outlines?|contours?)$/;
export const isPictures = (name: string): boolean => PICTURES.test(foldName(name));
/** Folders whose pictures mark something in other pictures, and are no samples. */
export const isMarkings = (name: string): boolean => MARKINGS.test(foldName(name));

const SUBJECTS =
  /^(subject|subj|sub|patient|pat|participant|person|proband|user|volunteer|donor|case|animal|mouse|rat|monkey|individual|id|pid|site|hospital|clinic|cent(?:er|re)|scanner|session|sess?|visit|day|batch|plate|well|slide|recording|record|rec)(.*)$/iu;
/** What follows: "01", "-7", "_a3", "B", "-AB". */
const WHICH = /^([-_ .]*[A-Za-z]?\d|[-_ .]*[A-Z]$|[-_ .]+[A-Za-z]{1,3}$)/;
const SHORT_SUBJECT = /^[spvu][-_ ]?\d+$/i;
const NUMBERED = /^\D*?\d+[a-z]?$/i;

/** Most names are those of subjects, sites or sessions: "subject01", "patient-7", "siteB", "S3". */
export function areSubjects(names: readonly string[]): boolean {
  const isSubject = (name: string) =>
    WHICH.test(SUBJECTS.exec(composed(name))?.[2] ?? '') || SHORT_SUBJECT.test(composed(name));
  return names.length > 0 && names.filter(isSubject).length >= 0.8 * names.length;
}

/** Most names are numbers, or one word with numbers behind it. */
export function areNumbered(names: readonly string[]): boolean {
  const count = names.filter((name) => NUMBERED.test(composed(name))).length;
  return names.length > 0 && count >= 0.8 * names.length;
}
