import { describe, expect, it } from 'vitest';
import { planFolders } from '../../../../src/data/folders/plan.ts';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';
import { inspect } from '../../../../src/data/inspect.ts';
import { importSchema } from '../../../../src/contract/recipe/recipe.ts';
import { picture } from '../../../fixtures/broken-images.ts';

/** Five files in each of these folders. */
const filesIn = (folders: readonly string[]) =>
  folders.flatMap((folder) => Array.from({ length: 5 }, (_, at) => `${folder && `${folder}/`}${at}.png`));
const plan = (folders: readonly string[], chosen?: string) => planFolders(filesIn(folders), chosen);
const under = (tops: readonly string[], names: readonly string[]) =>
  tops.flatMap((top) => names.map((name) => `${top}/${name}`));

describe('folders', () => {
  it.each<[string, string[], string | null]>([
    ['lie in no folder', [''], null],
    ['all lie in one', ['scans'], null],
    ['are classes', ['cat', 'dog'], 'class'],
    ['have numbers', ['0', '1', '2'], 'class'],
    ['have one name and numbers', ['move0', 'move1', 'move2'], 'class'],
    ['are wrapped', under(['archive/images'], ['cat', 'dog']), 'class'],
    ['are wrapped below a split', under(['train/images', 'test/images'], ['cat', 'dog']), 'split/class'],
    [
      'are wrapped in one split alone',
      [...under(['train/images'], ['a', 'b']), 'test/a', 'test/b'],
      'split/class',
    ],
    ['are a train folder alone', under(['train'], ['cat', 'dog']), 'class'],
    ['are train, test and unlabeled', [...under(['train', 'test'], ['a', 'b']), 'unlabeled'], 'split/class'],
    ['are train and val', under(['train', 'val'], ['a', 'b']), 'split/class'],
    ['are train and eval', under(['train', 'eval'], ['a', 'b']), 'split/class'],
    ['are called Imagenet-wise', under(['images_train', 'images_val'], ['a', 'b']), 'split/class'],
    ['are TrainSet and TestSet', under(['TrainSet', 'TestSet'], ['a', 'b']), 'split/class'],
    ['are vehicles', ['train', 'car', 'bus'], 'class'],
    ['are a test and a control group', ['test', 'control'], 'class'],
    [
      'are classes of which some hold more',
      ['cat', 'dog', 'cat/old'].flatMap((name) => [name, name]),
      'class/ignored',
    ],
    ['are subjects, then classes', under(['sub-01', 'sub-02', 'sub-03'], ['rest', 'task']), 'group/class'],
    [
      'are subjects, then sessions, then classes',
      under(under(['P1', 'P2'], ['ses1', 'ses2']), ['a', 'b']),
      'group/ignored/class',
    ],
    [
      'are sites, then subjects, then classes',
      under(['siteA/s1', 'siteA/s2', 'siteB/s3'], ['a', 'b']),
      'group/ignored/class',
    ],
    [
      'are classes, then patients',
      ['cat/patient1', 'cat/patient2', 'dog/patient3', 'dog/patient4'],
      'class/group',
    ],
    ['are classes, then splits', under(['cat', 'dog'], ['train', 'test']), 'class/split'],
    ['are subjects alone', ['subject1', 'subject2', 'subject3'], 'group'],
    ['are numbers with words below', under(['01', '02', '03'], ['sit', 'walk']), 'group/class'],
    ['are classes with numbers below', ['cat/1', 'cat/2', 'dog/1', 'dog/2', 'dog/3'], 'class/ignored'],
  ])('that %s', (_, folders, expected) => {
    expect(plan(folders)).toMatchObject({ folders: expected, question: null });
  });

  it.each([
    ['the same folders below each', under(['anna', 'ben'], ['sit', 'walk']), 'group/class', 'class/ignored'],
    [
      'kinds and kinds of kinds',
      ['animal/cat', 'animal/dog', 'thing/car', 'thing/bus'],
      'class/ignored',
      'ignored/class',
    ],
    ['train, valid and invalid', ['train', 'test', 'car', 'bus', 'tram'], 'split', 'class'],
  ])('ask about %s', (_, folders, first, second) => {
    const found = plan(folders);
    expect(found.question).not.toBeNull();
    expect([found.folders, ...found.alternatives.map((one) => one.folders)].slice(0, 2)).toEqual([
      first,
      second,
    ]);
    expect(plan(folders, second)).toMatchObject({ folders: second, question: null });
  });

  it('say where each file belongs', () => {
    const found = plan([...under(['Train', 'test'], ['images/cat', 'images/dog']), 'test/images']);
    expect(found.place('Train/images/cat/0.png')).toMatchObject({ split: 0, className: 'cat', group: null });
    expect(found.place('test/images/dog/1.png')).toMatchObject({ split: 2, className: 'dog' });
    expect(found.place('test/images/2.png')).toMatchObject({ split: 2, className: null });
    expect(found.warnings).toEqual(['5 files lie in no class folder and will have no label.']);
  });

  it('leave out masks beside images', () => {
    const found = plan(under(['train', 'test'], ['images', 'masks']));
    expect(found.leftOut).toMatchObject([
      { folder: 'train/masks', files: 5 },
      { folder: 'test/masks', files: 5 },
    ]);
    expect(found.place('train/masks/0.png').leftOut).toBe(true);
    expect(found).toMatchObject({ folders: 'split' });
  });

  it('are compared in composed letters and in one case, unless both stand side by side', () => {
    const letters = plan(['train/K\u00e4se', 'test/Ka\u0308se', 'train/Brot', 'test/BROT']);
    expect(letters.place('test/Ka\u0308se/0.png').className).toBe('K\u00e4se');
    expect(letters.place('test/BROT/0.png').className).toBe('Brot');
    expect(letters.warnings.join(' ')).toMatch(/decomposed letters.*upper and lower case/);
    const both = plan(['A', 'a', 'b']);
    expect(both.place('A/0.png').className).toBe('A');
    expect(both.place('a/0.png').className).toBe('a');
    expect(both.warnings.join(' ')).toContain('kept apart');
  });

  it('warn of what no training can answer', () => {
    expect(plan(['train/a', 'train/b', 'test/a', 'test/z']).warnings.join(' ')).toContain(
      '“z” has no training data',
    );
    expect(plan(['train/a', 'train/b', 'test']).warnings.join(' ')).toContain('nothing of it has a label');
    expect(plan(under(['train', 'test'], ['only'])).warnings.join(' ')).toContain('“only” is the only class');
  });

  it('are judged in time that does not grow out of hand', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => `train/c${at % 1000}/p${at}`);
    const started = performance.now();
    plan(many);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

describe('a question about folders', () => {
  const files = async () => {
    const found: Record<string, Uint8Array> = {};
    let seed = 0;
    for (const folder of under(['anna', 'ben', 'carl'], ['sit', 'walk']))
      for (let at = 0; at < 3; at += 1)
        found[`${folder}/${at}.png`] = await picture((seed += 1), 16)
          .png()
          .toBuffer();
    return folderOf(found);
  };

  it('is refused with the option that answers it, and imported as answered and as shown', async () => {
    const path = await files();
    const failure = await failureOf(importFrom(path));
    expect(failure).toMatchObject({ code: 'import.folders-unclear', place: path });
    expect(failure.remedy).toContain('--folders group/class');
    expect(failure.remedy).toContain('--folders class/ignored');
    expect((await inspect(path)).doubts).toMatchObject([{ code: 'import.folders-unclear', blocking: true }]);
    for (const [folders, classes] of [
      ['group/class', ['sit', 'walk']],
      ['class', ['anna', 'ben', 'carl']],
    ] as const) {
      const shown = await inspect(path, importSchema.parse({ path, folders }));
      expect(shown.doubts).toEqual([]);
      const dataset = await importFrom(path, { folders });
      expect(dataset.classes.map(({ name }) => name)).toEqual(classes);
      expect(shown.classes).toEqual(
        dataset.classes.map(({ name, train, validation, test }) => ({
          name,
          files: train + validation + test,
        })),
      );
    }
    const grouped = await importFrom(path, { folders: 'group/class' });
    expect(new Set(grouped.samples.groups)).toEqual(new Set(['anna', 'ben', 'carl']));
    expect(await failureOf(importFrom(path, { folders: 'split/group/class' }))).toMatchObject({
      code: 'import.folders',
    });
  });

  it('is none where a path pattern gives the labels, which are those that are shown', async () => {
    const path = await files();
    const options = { pathPattern: '{person}/{class}/{n}.png' };
    const shown = await inspect(path, importSchema.parse({ path, ...options }));
    expect(shown).toMatchObject({ labelsFrom: 'files', doubts: [] });
    expect(shown.classes).toEqual([
      { name: 'sit', files: 9 },
      { name: 'walk', files: 9 },
    ]);
    expect((await importFrom(path, options)).classes.map(({ name }) => name)).toEqual(['sit', 'walk']);
  });

  it('takes unlabeled in a path pattern for no label', async () => {
    const found: Record<string, Uint8Array> = {};
    for (let at = 0; at < 9; at += 1)
      found[`${['a', 'b', 'unlabeled'][at % 3]}/${at}.png`] = await picture(at + 1, 16)
        .png()
        .toBuffer();
    const path = await folderOf(found);
    const dataset = await importFrom(path, { pathPattern: '{class}/{n}.png' });
    expect(dataset.classes.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(dataset.labeledCount).toBe(6);
  });
});
