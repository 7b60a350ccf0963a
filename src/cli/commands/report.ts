import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { writeWhole } from '../../machine/whole-file.ts';
import { printLine, UsageError, type Environment } from '../environment.ts';
import { studyIdOf } from '../session/studies.ts';
import { requirePlaceFor } from '../../machine/place-for-file.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';

interface Options extends ProjectOption {
  to?: string;
  figures?: string;
  overwrite?: boolean;
}

export function addReportCommand(program: Command, environment: Environment): void {
  program
    .command('report <study>')
    .description('write a study down for others: one HTML file with all that was found, and how')
    .option('--to <file>', 'the file to write')
    .option('--figures <folder>', 'its figures, confusion matrices among them, as SVG and PNG into a folder')
    .option('--overwrite', 'files of the same names may be written over')
    .option('--project <folder>', 'the project; default: the present folder')
    .action(async (named: string, options: Options) => {
      const { to, figures, overwrite = false } = options;
      if (to === undefined && figures === undefined)
        throw new UsageError('What is to be written? Give --to FILE, --figures FOLDER, or both.');
      const file = to === undefined ? null : resolve(environment.folder, to);
      const folder = projectFolder(environment, options);
      if (file !== null) requirePlaceFor(file, overwrite);
      await withService(environment, { folder }, async (client) => {
        const studyId = await studyIdOf(client, named);
        if (file !== null) {
          const { html } = await client.study.report({ studyId });
          await writeWhole(file, [html], overwrite);
          printLine(environment, file);
        }
        if (figures === undefined) return;
        const drawn = await client.study.figures({
          studyId,
          to: resolve(environment.folder, figures),
          overwrite,
        });
        for (const { path } of drawn.files) printLine(environment, join(drawn.folder, path));
      });
    });
}
