import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { folderOf } from '../../fixtures/imports.ts';

const place = vi.hoisted(() => ({ folder: '' }));
vi.mock('electron', () => ({ app: { getPath: () => place.folder } }));
const { changeSettings, forget, listRecent, noteOpened, noteRenamed, readSettings } =
  await import('../../../electron/settings.ts');

let folder = '';
beforeEach(async () => {
  folder = await folderOf();
  place.folder = join(folder, 'user data');
});
const file = () => join(place.folder, 'settings.json');
const DEFAULTS = {
  recent: [],
  theme: 'system',
  manners: { keepAwake: true, notify: true },
  window: { width: 1280, height: 800, maximized: false },
};

it('are the defaults until something is changed, and then kept', () => {
  expect(readSettings()).toEqual(DEFAULTS);
  expect(existsSync(file())).toBe(false);
  expect(changeSettings(() => ({ theme: 'dark' }))).toEqual({ ...DEFAULTS, theme: 'dark' });
  expect(readSettings().theme).toBe('dark');
  changeSettings(({ manners }) => ({ manners: { ...manners, notify: false } }));
  expect(readSettings()).toMatchObject({ theme: 'dark', manners: { keepAwake: true, notify: false } });
  expect(existsSync(`${file()}.new`)).toBe(false);
});

it.each([
  ['is no JSON', '{ "theme": '],
  ['holds what cannot be', '{ "theme": "purple" }'],
  [
    'describes a window too small to be seen',
    '{ "window": { "width": 3, "height": 3, "maximized": false } }',
  ],
])('are set aside, not lost, where the file %s', (_what, text) => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  mkdirSync(place.folder, { recursive: true });
  writeFileSync(file(), text);
  expect(readSettings()).toEqual(DEFAULTS);
  expect(readFileSync(`${file()}.unreadable`, 'utf8')).toBe(text);
  expect(existsSync(file())).toBe(false);
  expect(said.mock.calls[0]![0]).toContain(`were set aside as ${file()}.unreadable`);
  said.mockRestore();
});

it('keep recent projects, the latest first, each once', () => {
  const there = join(folder, 'there');
  mkdirSync(there);
  noteOpened('/gone', 'Gone');
  noteOpened(there, 'There');
  noteOpened('/gone', 'Gone again');
  expect(listRecent().map(({ directory, name, exists }) => [directory, name, exists])).toEqual([
    ['/gone', 'Gone again', false],
    [there, 'There', true],
  ]);
  noteRenamed(there, 'Other');
  forget('/gone');
  forget('/never there');
  expect(listRecent()).toMatchObject([{ directory: there, name: 'Other' }]);
  expect(Date.parse(listRecent()[0]!.openedAt)).not.toBeNaN();
});

it('forget the oldest of more than thirty projects', () => {
  for (let at = 0; at < 32; at++) noteOpened(`/p${at}`, String(at));
  const directories = listRecent().map(({ directory }) => directory);
  expect([directories.length, directories[0], directories.at(-1)]).toEqual([30, '/p31', '/p2']);
});
