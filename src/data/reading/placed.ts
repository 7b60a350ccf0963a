/** Where each file belongs: split, class, group and columns, from the folders, the path pattern and the label file. */
import { PretextError } from '../../contract/errors.ts';
import type { ImportOptions, Inspection } from '../../contract/index.ts';
import { folderDoubt, planFolders, type FolderPlan, type Place } from '../folders/plan.ts';
import { createAnnotator } from './annotations.ts';
import type { IssueList } from './issues.ts';
import { naturalOrder, type ListedFile, type Listing } from './listing.ts';

/** What an import can be told of where labels, groups and splits of files come from. */
export const PLACING_OPTIONS = [
  ...(['labels', 'labelColumn', 'labelColumns', 'fileColumn', 'target'] as const),
  ...(['pathPattern', 'folders', 'group'] as const),
] as const;

export interface PlacedFile {
  file: ListedFile;
  place: Place;
  columns: Record<string, string>;
  label: string | null;
}

export interface Placing {
  plan: FolderPlan;
  /** Labels come from the label file or the path pattern, not from folders. */
  filesGiveLabels: boolean;
  isLabelFile(file: ListedFile): boolean;
  /** Null when the file does not fit and was listed as left out, or lies among masks. */
  placeOf(file: ListedFile): PlacedFile | null;
}

/**
 * The one plan of an import: what is shown before it and what is carried out.
 * @param samples files that are samples by their names, from which the folders are judged
 * @throws PretextError for a label file, a path pattern or roles of folders that cannot be used
 */
export async function planPlaces(
  listing: Listing,
  samples: readonly ListedFile[],
  options: ImportOptions,
  issues: IssueList,
): Promise<Placing> {
  const annotator = await createAnnotator(listing, options, issues, samples);
  const judged = samples.filter((file) => !annotator.isLabelFile(file));
  const plan = planFolders(
    judged.map(({ path }) => path),
    options.folders,
  );
  const groupsFromFolders = options.group === undefined && options.pathPattern === undefined;
  return {
    plan,
    filesGiveLabels: annotator.givesLabels,
    isLabelFile: (file) => annotator.isLabelFile(file),
    placeOf(file) {
      const found = plan.place(file.path);
      if (found.leftOut) return null;
      const annotation = annotator.annotate(file);
      if (!annotation) return null;
      const place = groupsFromFolders ? found : { ...found, group: null };
      const { columns, label } = annotation;
      return { file, place, columns, label: label === undefined ? place.className : label };
    },
  };
}

/**
 * Says what was understood, and asks where two readings are equally good.
 * @throws PretextError `import.folders-unclear`
 */
export function tellPlan({ plan, filesGiveLabels }: Placing, listing: Listing, issues: IssueList): void {
  const doubt = filesGiveLabels ? null : folderDoubt(plan);
  if (doubt) {
    const { code, message, remedy } = doubt;
    throw new PretextError({ code, message, place: listing.path, remedy });
  }
  const top = listing.path.slice(Math.max(listing.path.lastIndexOf('/'), listing.path.lastIndexOf('\\')) + 1);
  for (const { folder, files, why } of plan.leftOut)
    issues.leaveOut(folder, 'markings', `${files} files below this folder are left out: ${why}.`);
  for (const warning of filesGiveLabels ? [] : plan.warnings) issues.note(top, 'folders', warning);
}

type Counts = Pick<
  Inspection,
  'classes' | 'folders' | 'splits' | 'unlabeled' | 'labelsFrom' | 'notes' | 'doubts'
>;

/** What the plan gives for these files, as it is shown before an import. */
export function countPlaces(placing: Placing, files: readonly ListedFile[], options: ImportOptions): Counts {
  const classes = new Map<string, number>();
  const splits = [0, 0, 0];
  let unlabeled = 0;
  let unfit = 0;
  let named = false;
  for (const file of files) {
    if (placing.isLabelFile(file)) continue;
    const placed = placing.placeOf(file);
    if (!placed) {
      unfit += 1;
      continue;
    }
    if (placed.place.split !== -1) named = true;
    splits[Math.max(0, placed.place.split)]! += 1;
    if (placed.label === null) unlabeled += 1;
    else if (options.target === 'classes') classes.set(placed.label, (classes.get(placed.label) ?? 0) + 1);
  }
  const { place: _place, ...plan } = placing.plan;
  const [train = 0, validation = 0, test = 0] = splits;
  const doubt = placing.filesGiveLabels ? null : folderDoubt(placing.plan);
  const fromFolders = plan.levels.some(({ role }) => role === 'class');
  return {
    classes: [...classes]
      .map(([name, count]) => ({ name, files: count }))
      .sort((first, second) => naturalOrder(first.name, second.name)),
    folders: plan,
    splits: named ? { train, validation, test } : null,
    unlabeled,
    doubts: doubt ? [doubt] : [],
    labelsFrom: placing.filesGiveLabels ? 'files' : fromFolders ? 'folders' : 'nothing',
    notes:
      unfit > 0
        ? [
            `${unfit} ${unfit === 1 ? 'file does' : 'files do'} not fit the path pattern or lie among masks: they will be left out.`,
          ]
        : [],
  };
}
