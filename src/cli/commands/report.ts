import { resolve } from 'node:path';
import type { Command } from 'commander';
import { writeWhole } from '../../machine/whole-file.ts';
import { printLine, type Environment } from '../environment.ts';
import { studyIdOf } from '../session/studies.ts';
import { requirePlaceFor } from '../../machine/place-for-file.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';

interface Options extends ProjectOption {
  to: string;
  overwrite?: boolean;
}

export function addReportCommand(program: Command, environment: Environment): void {
  program
    .command('report <study>')
    .description('write a study down for others: one HTML file with all that was found, and how')
    .requiredOption('--to <file>', 'the file to write')
    .option('--overwrite', 'the file may be written over')
    .option('--project <folder>', 'the project; default: the present folder')
    .action(async (named: string, options: Options) => {
      const file = resolve(environment.folder, options.to);
      const folder = projectFolder(environment, options);
      requirePlaceFor(file, options.overwrite ?? false);
      const { html } = await withService(environment, { folder }, async (client) =>
        client.study.report({ studyId: await studyIdOf(client, named) }),
      );
      await writeWhole(file, [html], options.overwrite ?? false);
      printLine(environment, file);
    });
}
