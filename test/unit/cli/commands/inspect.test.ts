import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { addInspect } from '../../../../src/cli/commands/inspect.ts';
import type { Environment } from '../../../../src/cli/environment.ts';
import { describeReaders } from '../../../../src/data/catalogue.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

const readers = describeReaders();
const add = (program: Command, environment: Environment) => addInspect(program, environment, readers);

function table() {
  const folder = temporaryFolder();
  const rows = Array.from(
    { length: 40 },
    (_, at) => `${20 + ((at * 7) % 40)},${at % 3 ? 'red' : 'blue'},${at % 2 ? 'yes' : 'no'}`,
  );
  writeFileSync(join(folder, 'people.csv'), `age,colour,label\n${rows.join('\n')}\n`);
  return commandLine(folder, add);
}

it('says what an import would make of a table, without a project', async () => {
  const { printed } = await table().run('inspect', 'people.csv', '--format', 'delimited-table');
  expect(printed).toMatch(/^1 file, \d+ B.*, read as /);
  expect(printed).toContain('Columns:');
  expect(printed).toMatch(/age +whole-number, feature, 40 different/);
  expect(printed).toMatch(/colour +.*, 2 different/);
});

it('gives the same as a document', async () => {
  const { printed } = await table().run('inspect', 'people.csv', '--format', 'delimited-table', '--json');
  expect(JSON.parse(printed)).toMatchObject({
    format: 'delimited-table',
    files: 1,
    tableColumns: [{ name: 'age' }, { name: 'colour' }, { name: 'label' }],
  });
});

it('says that there is nothing at a path, and takes no words for seconds', async () => {
  const { run } = table();
  await expect(run('inspect', 'none.csv')).rejects.toMatchObject({
    failure: { place: expect.stringContaining('none.csv') as string },
  });
  await expect(run('inspect', 'people.csv', '--prepared', 'long')).rejects.toThrow(
    'It must be a number of seconds.',
  );
});
