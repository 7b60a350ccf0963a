import { expect, test } from 'vitest';
import { findCommands, type Command } from '../../../../../renderer/lib/project/commands.ts';

const command = (group: Command['group'], title: string): Command => ({
  id: title,
  group,
  title,
  run: () => {},
});
const commands = [
  command('Go to', 'Runs'),
  command('Datasets', 'second run of retina'),
  command('Runs', 'simclr-1'),
  command('Datasets', 'runway'),
];
const titles = (wanted: string) => findCommands(commands, wanted).map((one) => one.title);

test('finds by every word, in title or group, titles that begin with it first', () => {
  expect(titles('run')).toEqual(['Runs', 'runway', 'second run of retina', 'simclr-1']);
  expect(titles('RUN retina')).toEqual(['second run of retina']);
  expect(titles('nothing')).toEqual([]);
  expect(titles('  ')).toEqual(commands.map((one) => one.title));
});
