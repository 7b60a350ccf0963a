import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { printJson, printLine, type Environment } from '../environment.ts';
import { withService } from '../session.ts';

export function addProjectCommands(program: Command, environment: Environment): void {
  const project = program
    .command('project')
    .description('Projects: folders that hold data, runs and results');
  project
    .command('create <folder>')
    .description('make a project in a new or empty folder')
    .option('--name <name>', 'its name; default: the folder’s')
    .option('--json', 'print the project as one JSON document')
    .action(async (folder: string, options: { name?: string; json?: boolean }) => {
      const request = {
        folder: resolve(environment.folder, folder),
        createName: options.name ?? basename(folder).replace(/\.pretext$/, ''),
      };
      await withService(environment, request, async (client) => {
        const made = await client.project.get();
        if (options.json) printJson(environment, made);
        else printLine(environment, `Project “${made.name}” in ${made.folder}`);
      });
    });
}
