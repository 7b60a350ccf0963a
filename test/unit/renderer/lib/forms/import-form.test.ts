import { expect, it } from 'vitest';
import type { ReaderDescription } from '../../../../../src/contract/catalogue.ts';
import { importSchema } from '../../../../../src/contract/recipe/recipe.ts';
import type { Inspection } from '../../../../../src/contract/messages/rpc.ts';
import type { ImportDraft } from '../../../../../renderer/lib/forms/drafts.ts';
import {
  classNameLines,
  draftOf,
  foundWords,
  groupFields,
  hasTable,
  heeded,
  nameFromPath,
  parseClassNames,
  readerOf,
  readImport,
  typedOptions,
  withRole,
} from '../../../../../renderer/lib/forms/import-form.ts';

const reader = (id: string, heeds: string[]): ReaderDescription => ({
  id,
  title: `Title of ${id}`,
  summary: 'What it is.',
  modalities: ['image'],
  extensions: [id],
  heeds,
  options: {},
});
const readers = [
  reader('pictures', ['labels', 'target', 'images.size', 'images.color']),
  reader('edf', ['signals.windowLength', 'signals.classNames']),
];
const draft = (more: Partial<ImportDraft> = {}): ImportDraft => ({
  path: '/data/x',
  name: 'x',
  inspection: null,
  values: {},
  images: {},
  signals: {},
  text: {},
  own: {},
  split: { by: 'default' },
  ...more,
});
const found = (format: string | null): Inspection => ({
  format,
  files: 3,
  bytes: 9,
  classes: [],
  folders: null,
  splits: null,
  unlabeled: 0,
  labelsFrom: 'nothing',
  columns: [],
  exampleRows: [],
  notes: [],
  complete: true,
  doubts: [],
  grid: [],
  tableColumns: [],
  signalKind: null,
  preparation: null,
});

it('names a dataset after its path, without the endings of files that there are', () => {
  const endings = ['csv', 'gz', 'idx3-ubyte'];
  expect(nameFromPath('/data/wrist/day.one.csv.gz', [], endings)).toBe('day.one');
  expect(nameFromPath('C:\\data\\train.idx3-ubyte', [], endings)).toBe('train');
  expect(nameFromPath('/data/.csv', [], endings)).toBe('csv');
  expect(nameFromPath('/data/cells', ['cells', 'cells-2'], endings)).toBe('cells-3');
});

it('goes by the format that was chosen, else by the one that was found', () => {
  expect(readerOf(draft({ inspection: found('edf') }), readers)?.id).toBe('edf');
  const chosen = draft({ inspection: found('edf'), values: { format: 'pictures' } });
  expect(readerOf(chosen, readers)?.id).toBe('pictures');
  expect(readerOf(draft({ inspection: found(null) }), readers)).toBeUndefined();
});

it('shows of the shared options those that the format has a use for', () => {
  const [pictures, edf] = readers;
  expect(heeded(pictures, ['labels', 'pathPattern', 'target'])).toEqual(['labels', 'target']);
  expect(groupFields(pictures, 'images')).toEqual(['size', 'color']);
  expect(groupFields(edf, 'signals', ['classNames'])).toEqual(['windowLength']);
  expect(groupFields(edf, 'images')).toEqual([]);
  expect(groupFields(undefined, 'images')).toEqual([]);
});

it('tells the format at hand alone what was set for it', () => {
  const own = { edf: { montage: 'scalp' }, pictures: {} };
  expect(typedOptions(draft({ own, inspection: found('edf') }))).toMatchObject({
    options: { montage: 'scalp' },
  });
  expect(typedOptions(draft({ own, inspection: found('pictures') }))).not.toHaveProperty('options');
});

it('carries out the format that was shown, and names what is wrong', () => {
  const good = readImport(draft({ inspection: found('edf'), own: { edf: { montage: 'scalp' } } }));
  expect(good).toMatchObject({ valid: true, options: { format: 'edf', options: { montage: 'scalp' } } });
  const bad = readImport(draft({ name: '', images: { size: 2 } }));
  expect(bad.valid ? [] : bad.failures.map(({ message }) => message)).toEqual([
    'The name must be 1 to 64 letters, digits, spaces, dots, dashes or underscores. Found: "".',
    'Size must be a whole number from 8 to 512. Found: 2.',
  ]);
});

it('begins with the settings of an earlier import, and carries them out unless they are changed', () => {
  const options = importSchema.parse({
    path: '/data/wrist',
    format: 'edf',
    group: 'person',
    split: { by: 'column', column: 'session', test: ['3'] },
    signals: { samplingRate: 200, columns: { 3: 'label' }, classNames: { 0: 'rest', 1: 'fist' } },
    options: { montage: 'scalp' },
  });
  const again = draftOf(options, 'wrist-2');
  expect(readImport(again)).toEqual({ valid: true, name: 'wrist-2', options });
  again.values.group = 'session';
  again.split = { by: 'default' };
  const changed = readImport(again);
  expect(changed.valid && changed.options).toEqual({ ...options, group: 'session', split: undefined });
  expect(classNameLines(options.signals.classNames)).toBe('0: rest\n1: fist');
  expect(classNameLines(undefined)).toBe('');
});

it('says what was found by the title of its format', () => {
  expect(foundWords({ ...found('edf'), unlabeled: 3 }, readers)).toBe(
    'Title of edf · 3 files without a label',
  );
  expect(foundWords(found(null), readers)).toBe('no known format');
});

it('gives one level of folders each role', () => {
  expect(withRole('split/class', 0, 'class')).toBe('class/ignored');
  expect(withRole('group/class/ignored', 2, 'ignored')).toBe('group/class/ignored');
});

it('knows of a table where labels come from a file or a pattern, and reads names line by line', () => {
  expect([hasTable(draft()), hasTable(draft({ values: { labels: '/l.csv' } }))]).toEqual([false, true]);
  expect(parseClassNames('0: rest\nnothing\n1:fist')).toEqual({ 0: 'rest', 1: 'fist' });
  expect(parseClassNames('')).toBeUndefined();
});
