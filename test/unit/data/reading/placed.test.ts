import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/data/import.ts';
import type { PretextError } from '../../../../src/contract/errors.ts';
import { createIssueList } from '../../../../src/data/reading/issues.ts';
import { listFiles } from '../../../../src/data/reading/listing.ts';
import { countPlaces, planPlaces, tellPlan } from '../../../../src/data/reading/placed.ts';
import { folderOf } from '../../../fixtures/imports.ts';

async function plan(paths: string[], more: Record<string, unknown> = {}) {
  const folder = await folderOf(Object.fromEntries(paths.map((path) => [path, 'x'])));
  const options = importSchema.parse({ path: folder, ...more });
  const listing = await listFiles(folder);
  const issues = createIssueList();
  const placing = await planPlaces(listing, listing.files, options, issues);
  return { placing, listing, issues, options, counts: () => countPlaces(placing, listing.files, options) };
}
const files = (folders: string[], count: number) =>
  folders.flatMap((folder) => Array.from({ length: count }, (_, at) => `${folder}/${at}.png`));

describe('folders', () => {
  it('give split and class, and are counted before an import', async () => {
    const { placing, listing, counts } = await plan(
      files(['train/cat', 'train/dog', 'test/cat', 'test/dog'], 3).concat('train/cat/extra.png'),
    );
    const placed = placing.placeOf(listing.files[0]!)!;
    expect(placed).toMatchObject({ label: 'cat', place: { split: 2, className: 'cat' }, columns: {} });
    expect(counts()).toMatchObject({
      classes: [
        { name: 'cat', files: 7 },
        { name: 'dog', files: 6 },
      ],
      splits: { train: 7, validation: 0, test: 6 },
      unlabeled: 0,
      labelsFrom: 'folders',
      notes: [],
      doubts: [],
    });
    expect(placing.filesGiveLabels).toBe(false);
  });

  it('of no class leave files unlabeled', async () => {
    const { counts } = await plan(['a.png', 'b.png']);
    expect(counts()).toMatchObject({ classes: [], splits: null, unlabeled: 2, labelsFrom: 'nothing' });
  });

  it('name groups, unless a column is to do so', async () => {
    const paths = files(['s1/cat', 's1/dog', 's2/cat', 's2/dog'], 2);
    const groups = async (more: object) => {
      const { placing, listing } = await plan(paths, { folders: 'group/class', ...more });
      return placing.placeOf(listing.files[0]!)!.place.group;
    };
    expect(await groups({})).toBe('s1');
    expect(await groups({ group: 'site' })).toBeNull();
  });
});

describe('a path pattern', () => {
  it('gives labels in place of folders, and what does not fit is told', async () => {
    const { placing, counts } = await plan(['n/a-up.txt', 'n/b-down.txt', 'odd.txt'], {
      pathPattern: '{wing}/{take}-{label}.txt',
    });
    expect(placing.filesGiveLabels).toBe(true);
    expect(counts()).toMatchObject({
      classes: [
        { name: 'down', files: 1 },
        { name: 'up', files: 1 },
      ],
      labelsFrom: 'files',
      notes: ['1 file does not fit the path pattern or lie among masks: they will be left out.'],
    });
  });

  it('counts no classes where labels are numbers to predict', async () => {
    const { counts } = await plan(['a-1.5.txt', 'b-2.txt'], {
      pathPattern: '{take}-{label}.txt',
      target: 'number',
    });
    expect(counts()).toMatchObject({ classes: [], unlabeled: 0 });
  });
});

it('leaves the label file itself out of all counts', async () => {
  const folder = await folderOf({ 'a.png': 'x' });
  const labels = join(folder, 'labels.csv');
  await writeFile(labels, 'file,label\na.png,cat\n');
  const options = importSchema.parse({ path: folder, labels });
  const listing = await listFiles(folder);
  const placing = await planPlaces(listing, listing.files, options, createIssueList());
  expect(listing.files.map(placing.isLabelFile)).toEqual([false, true]);
  expect(countPlaces(placing, listing.files, options)).toMatchObject({
    classes: [{ name: 'cat', files: 1 }],
    unlabeled: 0,
  });
});

describe('what was understood', () => {
  it('is told: folders of masks are left out', async () => {
    const { placing, listing, issues, counts } = await plan([
      ...files(['images/cat', 'images/dog'], 4),
      ...files(['masks/cat', 'masks/dog'], 4),
    ]);
    tellPlan(placing, listing, issues);
    const masks = issues.all.filter(({ reason }) => reason === 'markings');
    expect(masks).toHaveLength(1);
    expect(masks[0]!.file).toBe('masks');
    expect(masks[0]!.message).toMatch(/^8 files below this folder are left out: .+\.$/);
    expect(counts().notes).toEqual([
      '8 files do not fit the path pattern or lie among masks: they will be left out.',
    ]);
  });

  it('is asked where two readings are equally good, and refused until it is answered', async () => {
    const people = ['anna', 'ben', 'carl'].flatMap((name) => [`${name}/sit`, `${name}/walk`]);
    const { placing, listing, issues, counts } = await plan(files(people, 3));
    const [doubt] = counts().doubts;
    expect(doubt).toMatchObject({ code: 'import.folders-unclear', blocking: true });
    let failure: PretextError['failure'] | null = null;
    try {
      tellPlan(placing, listing, issues);
    } catch (error) {
      ({ failure } = error as PretextError);
    }
    const { code, message, remedy } = doubt!;
    expect(failure).toEqual({ code, message, remedy, place: listing.path });
    const answered = await plan(files(people, 3), { folders: 'group/class' });
    expect(answered.counts().doubts).toEqual([]);
    expect(() => tellPlan(answered.placing, answered.listing, answered.issues)).not.toThrow();
  });
});
