/** Divides samples into training, validation and test data by the rule, and checks that they are disjoint. */
import type { SplitRule } from '../../contract/index.ts';
import { PretextError } from '../../contract/errors.ts';
import { SPLIT_CODE } from '../../contract/data/splits/split.ts';
import { countOf, drawSplits } from './draw.ts';
import { columnValues, withCopies, type Grouping } from './groups.ts';
import type { SampleTable } from '../reading/sample-table.ts';

export interface SplitResult {
  rule: SplitRule;
  codes: Uint8Array;
  /** How it was done, in a sentence. */
  by: string;
  /** What was never parted: the groups that were given, with copies kept together where that was asked for. */
  grouping: Grouping;
}

const VALIDATION_SHARE = 0.15;
const TEST_SHARE = 0.2;
const CARVING_SEED = 1;

/** By folder if there are such folders, else random. */
export function defaultRule(table: SampleTable): SplitRule {
  const found = new Set(table.files.map((file) => file.folderSplit));
  if (found.has(SPLIT_CODE.train) && (found.has(SPLIT_CODE.test) || found.has(SPLIT_CODE.validation))) {
    return { by: 'folder' };
  }
  return { by: 'random', validation: VALIDATION_SHARE, test: TEST_SHARE, seed: CARVING_SEED };
}

/**
 * Samples that a rule leaves to chance, and among which copies are therefore to be kept together: all for a random
 * split, training samples where validation or test data have to be taken from them, none where nothing is drawn or
 * the user's groups or wish say otherwise.
 */
export function samplesToDraw(
  table: SampleTable,
  rule: SplitRule,
  strata: Int32Array,
  grouping: Grouping,
): Int32Array {
  const wanted = rule.copies === 'together' || (rule.copies !== 'apart' && grouping.ids === null);
  const everything = all(table.count);
  if (!wanted || strata.every((stratum) => stratum < 0)) return new Int32Array(0);
  if (rule.by === 'random') return everything;
  const codes = codesByFile(table, rule);
  const { test, validation } = missingShares(rule, codes);
  if (test + validation === 0) return new Int32Array(0);
  return everything.filter((index) => codes[index] === SPLIT_CODE.train);
}

/**
 * Files whose recordings are parted by time, as there are too few of those that a split is drawn from to keep each
 * whole; null where whole recordings do.
 */
export function filesToPart(table: SampleTable, rule: SplitRule): ReadonlySet<number> | null {
  const codes = rule.by === 'random' ? null : Uint8Array.from(codesOfFiles(table, rule));
  const { test, validation } = codes ? missingShares(rule, codes) : { test: 1, validation: 1 };
  const parts = 1 + (test > 0 ? 1 : 0) + (validation > 0 ? 1 : 0);
  const files = [...table.files.keys()].filter((at) => !codes || codes[at] === SPLIT_CODE.train);
  const recordings = new Set(files.map((at) => table.files[at]!.path)).size;
  return parts > 1 && recordings < parts ? new Set(files) : null;
}

/**
 * @param copies For each sample the first of its copies, itself where it has none: they are kept together wherever
 *   samples are drawn.
 * @param strata Class (or stratum of the target number) of each sample, -1 for unlabeled.
 * @throws PretextError `split.no-folders`, `split.no-value`, `split.group-parted`, `import.no-column`
 */
export function splitSamples(
  table: SampleTable,
  rule: SplitRule,
  strata: Int32Array,
  given: Grouping,
  copies: Int32Array | null = null,
): SplitResult {
  const codes = new Uint8Array(table.count);
  const grouping = copies ? withCopies(table, given, copies) : given;
  const told = describeRule(table, rule, strata, { given, grouping }, codes);
  return { rule: copies ? { ...rule, copies: 'together' } : rule, codes, by: told, grouping };
}

function describeRule(
  table: SampleTable,
  rule: SplitRule,
  strata: Int32Array,
  { given, grouping }: { given: Grouping; grouping: Grouping },
  codes: Uint8Array,
): string {
  const kept = [grouping.description, copiesWords(grouping)]
    .flatMap((words) => (words ? `, ${words}` : []))
    .join('');
  if (rule.by === 'random') {
    drawSplits({ ...rule, strata, groups: grouping.ids, candidates: all(table.count) }, codes);
    if (strata.every((stratum) => stratum < 0))
      return 'nothing: without labels all samples are training data';
    return `random (seed ${rule.seed}), stratified by label${kept}`;
  }
  codes.set(codesByFile(table, rule));
  refusePartedGroups(table, given, codes, rule.by);
  const told = rule.by === 'folder' ? 'folder' : `column “${rule.column}”`;
  return told + carveMissing(rule, strata, grouping, codes, kept);
}

function copiesWords({ copies }: Grouping): string | null {
  if (!copies) return null;
  const groups = `${copies.groups} ${copies.groups === 1 ? 'group' : 'groups'}`;
  return `copies kept together (${copies.samples} samples in ${groups})`;
}

function codesByFile(table: SampleTable, rule: SplitRule & { by: 'folder' | 'column' }): Uint8Array {
  const byFile = codesOfFiles(table, rule);
  return Uint8Array.from({ length: table.count }, (_, index) => byFile[table.fileIds[index] ?? 0] ?? 0);
}

const codesOfFiles = (table: SampleTable, rule: SplitRule & { by: 'folder' | 'column' }): number[] =>
  rule.by === 'folder' ? folderCodes(table) : valueCodes(table, rule);

/** Shares that are drawn from training data, as the rule gives no such samples. */
function missingShares(rule: SplitRule, codes: Uint8Array): { test: number; validation: number } {
  const lacks = (code: number) => !codes.includes(code);
  return {
    test: rule.by === 'folder' && lacks(SPLIT_CODE.test) ? TEST_SHARE : 0,
    validation: lacks(SPLIT_CODE.validation) ? VALIDATION_SHARE : 0,
  };
}

/** Test (by folder only) and validation samples are drawn from training where the rule gives none. */
function carveMissing(
  rule: SplitRule,
  strata: Int32Array,
  grouping: Grouping,
  codes: Uint8Array,
  kept: string,
): string {
  const { test, validation } = missingShares(rule, codes);
  const candidates = all(codes.length).filter((index) => codes[index] === SPLIT_CODE.train);
  if ((test === 0 && validation === 0) || !candidates.some((index) => (strata[index] ?? -1) >= 0)) return '';
  drawSplits({ strata, groups: grouping.ids, candidates, validation, test, seed: CARVING_SEED }, codes);
  const parts = [
    ...(validation ? [`validation ${VALIDATION_SHARE * 100} %`] : []),
    ...(test ? [`test ${TEST_SHARE * 100} %`] : []),
  ];
  return `; ${parts.join(' and ')} drawn from training (seed ${CARVING_SEED}), stratified by label${kept}`;
}

function folderCodes(table: SampleTable): number[] {
  if (table.files.every((file) => file.folderSplit === -1)) {
    throw new PretextError({
      code: 'split.no-folders',
      message: 'The split goes by folder, but there is no folder named train, validation (or val) or test.',
      place: 'split',
      remedy: 'Name the folders so, or choose the split “random” or “column”.',
    });
  }
  return table.files.map((file) => (file.folderSplit === -1 ? SPLIT_CODE.train : file.folderSplit));
}

function valueCodes(table: SampleTable, rule: SplitRule & { by: 'column' }): number[] {
  const values = columnValues(table, rule.column, 'split.column');
  const known = new Set(values);
  for (const value of [...rule.validation, ...rule.test]) {
    if (known.has(value)) continue;
    const found = [...known].filter((name) => name !== null).slice(0, 12);
    throw new PretextError({
      code: 'split.no-value',
      message: `No file has the value “${value}” in “${rule.column}”. Found: ${found.join(', ')}${known.size > 12 ? ', …' : ''}.`,
      place: 'split',
      remedy: 'Use values that occur.',
    });
  }
  return values.map((value) => {
    if (value !== null && rule.test.includes(value)) return SPLIT_CODE.test;
    return value !== null && rule.validation.includes(value) ? SPLIT_CODE.validation : SPLIT_CODE.train;
  });
}

/** Folders or columns that part a group contradict the user's own grouping: they decide, not the program. */
function refusePartedGroups(table: SampleTable, grouping: Grouping, codes: Uint8Array, by: string): void {
  const parted = findPartedGroup(grouping, codes);
  if (parted === null) return;
  const names = ['training', 'validation', 'test'];
  throw new PretextError({
    code: 'split.group-parted',
    message: `The group “${grouping.names.at(parted.group) ?? ''}” would be parted: the ${by} puts some of its samples into ${names[parted.first]} and some into ${names[parted.second]} data.`,
    place: table.fileOf(parted.index).path,
    remedy: 'Choose a split that keeps groups whole, or another group column (several can be joined by +).',
  });
}

function findPartedGroup(grouping: Grouping, codes: Uint8Array) {
  if (!grouping.ids) return null;
  const splitOf = new Int8Array(countOf(grouping.ids)).fill(-1);
  for (let index = 0; index < codes.length; index += 1) {
    const group = grouping.ids[index] ?? 0;
    const code = codes[index] ?? 0;
    if (splitOf[group] === -1) splitOf[group] = code;
    else if (splitOf[group] !== code) return { group, index, first: splitOf[group] ?? 0, second: code };
  }
  return null;
}

/**
 * Groups are whole and no two samples of different splits share a byte of the shard.
 * @throws Error (a bug) if not
 */
export function assertDisjoint(
  offsets: Float64Array,
  sampleBytes: number,
  grouping: Grouping,
  codes: Uint8Array,
): void {
  const parted = findPartedGroup(grouping, codes);
  if (parted)
    throw new Error(`Bug: the group ${grouping.names.at(parted.group) ?? ''} is parted between splits.`);
  const ordered = inOrder(offsets);
  const ends = [-1, -1, -1];
  for (const index of ordered) {
    const start = offsets[index] ?? 0;
    const code = codes[index] ?? 0;
    ends.forEach((end, other) => {
      if (other !== code && end > start)
        throw new Error(`Bug: sample ${index} overlaps a sample of another split.`);
    });
    ends[code] = Math.max(ends[code] ?? -1, start + sampleBytes);
  }
}

/** Readers append, so offsets nearly always ascend already. */
function inOrder(offsets: Float64Array): Int32Array {
  const order = all(offsets.length);
  for (let index = 1; index < offsets.length; index += 1) {
    if ((offsets[index] ?? 0) < (offsets[index - 1] ?? 0)) {
      return order.sort((first, second) => (offsets[first] ?? 0) - (offsets[second] ?? 0));
    }
  }
  return order;
}

function all(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index);
}
