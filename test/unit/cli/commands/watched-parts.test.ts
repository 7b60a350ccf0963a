import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { makeWatchedParts } from '../../../../src/cli/commands/watched-parts.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

it('have a place of their own for each watcher, of which nothing stays', () => {
  const folder = join(temporaryFolder(), 'new');
  const [one, other] = [1, 2].map(() => makeWatchedParts(join(folder, 'answers.csv')));
  expect(one!.folder).not.toBe(other!.folder);
  writeFileSync(join(one!.folder, 'part.csv'), 'half an answer');
  one!.remove();
  expect(readdirSync(folder)).toEqual([basename(other!.folder)]);
  other!.remove();
  expect(readdirSync(folder)).toEqual([]);
});

it('of a watcher that was killed are removed by the next one, and nothing that only looks alike', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'answers.csv');
  const living = makeWatchedParts(file).folder;
  const [start, host] = /^\.pretext-parts-([0-9a-f]{8})/.exec(basename(living))!;
  const dead = basename(living).replace(`-${process.pid}-`, `-${2 ** 22 + 1}-`);
  const elsewhere = dead.replace(host!, host === '00000000' ? '11111111' : '00000000');
  const alike = [elsewhere, `${start}-mine`, 'answers.csv.next.csv', '.answers.csv.pretext-gathered'];
  for (const name of [dead, ...alike]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, dead, 'part.csv'), 'half an answer');
  const next = makeWatchedParts(file);
  expect(existsSync(join(folder, dead))).toBe(false);
  expect(readdirSync(folder).toSorted()).toEqual(
    [...alike, basename(living), basename(next.folder)].toSorted(),
  );
});
