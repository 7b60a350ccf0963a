import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Project } from '../../contract/entities.ts';
import type { RepairReport } from '../../contract/repair.ts';
import { NotDone, printJson, printLine, say, type Environment } from '../environment.ts';
import { withService } from '../session/session.ts';
import { table } from '../words/text.ts';

interface Options {
  json?: boolean;
}

export function addProjectCommands(program: Command, environment: Environment): void {
  const project = program
    .command('project')
    .description('Projects: folders that hold data, runs and results');
  project
    .command('create <folder>')
    .description('make a project in a new or empty folder')
    .option('--name <name>', 'its name; default: the folder’s')
    .option('--json', 'print the project as one JSON document')
    .action(async (folder: string, options: Options & { name?: string }) => {
      const request = {
        folder: resolve(environment.folder, folder),
        createName: options.name ?? basename(folder).replace(/\.pretext$/, ''),
      };
      await withService(environment, request, async (client) => {
        const made = await client.project.get();
        if (options.json) printJson(environment, made);
        else printLine(environment, `Project “${made.name}” in ${made.folder}`);
        sayCautions(environment, made);
      });
    });
  addCheck(project, environment);
  addRepair(project, environment);
}

function addCheck(project: Command, environment: Environment): void {
  project
    .command('check <folder>')
    .description('look through the whole database and compare every file with it; changes nothing')
    .option('--json', 'print what was found as one JSON document')
    .action(async (folder: string, options: Options) => {
      const request = { folder: resolve(environment.folder, folder) };
      const found = await withService(environment, request, async (client) => {
        sayCautions(environment, await client.project.get());
        return client.project.check();
      });
      if (options.json) printJson(environment, found);
      else for (const problem of found.problems) printLine(environment, problem);
      if (!found.sound)
        throw new NotDone(
          `${found.problems.length} ${found.problems.length === 1 ? 'problem was' : 'problems were'} found.`,
        );
      if (!options.json)
        printLine(
          environment,
          `The project is sound: its database, and ${found.files === 1 ? 'the file' : `the ${found.files} files`} that it names.`,
        );
    });
}

function addRepair(project: Command, environment: Environment): void {
  project
    .command('repair <folder>')
    .description('save what can be read of a damaged project.db; the damaged file is kept')
    .option('--json', 'print what was saved as one JSON document')
    .action(async (folder: string, options: Options) => {
      const request = { folder: resolve(environment.folder, folder), repair: true };
      await withService(environment, request, async (_client, { repair }) => {
        if (options.json) printJson(environment, repair);
        else if (repair) printLine(environment, repairText(repair));
      });
    });
}

function repairText({
  problems,
  tables,
  lostDatasets,
  adoptedModels,
  emptiedNotes,
  kept,
}: RepairReport): string {
  return [
    problems.length > 0 ? `Found: ${problems[0]}` : 'Nothing was found wrong.',
    table(
      ['', 'saved', 'lost'],
      tables.map((one) => [one.table, String(one.saved), one.lost > 0 ? `at least ${one.lost}` : '0']),
      [1, 2],
    ),
    ...(adoptedModels.length > 0
      ? [`Models taken back from their folders: ${adoptedModels.join(', ')}`]
      : []),
    ...(lostDatasets.length > 0
      ? [`Import again, as samples of them are lost: ${lostDatasets.join(', ')}`]
      : []),
    ...(emptiedNotes.length > 0 ? [`Unreadable notes, empty now: ${emptiedNotes.join(', ')}`] : []),
    `The damaged file was kept: ${kept}`,
  ].join('\n');
}

function sayCautions(environment: Environment, { cautions }: Project): void {
  for (const caution of cautions) say(environment, `note: ${caution}`);
}
