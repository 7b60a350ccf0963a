import { isAbsolute, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { EXPORT_FORMATS, type ExportFormat } from '../../contract/model/export.ts';
import { askTrainer } from '../../client/trainer.ts';
import { printJson, printLine, type Environment } from '../environment.ts';
import { headOption, headWish, requireNoHead, type HeadFlag } from '../flags/head-option.ts';
import { folderOrName, interruptible } from '../session/models.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { PROGRAM_VERSION } from '../../host/version.ts';
import { bytes } from '../words/text.ts';

interface Options extends ProjectOption, HeadFlag {
  format: ExportFormat;
  to: string;
  encoder?: boolean;
  checkpoint?: boolean;
  overwrite?: boolean;
  json?: boolean;
}

export function addExportCommand(program: Command, environment: Environment): void {
  program
    .command('export <model>')
    .description('write a model for other programs, with a README that says how to use it')
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(Object.keys(EXPORT_FORMATS))
        .makeOptionMandatory(),
    )
    .addOption(headOption())
    .requiredOption('--to <folder>', 'where to write; made if it is not there')
    .option('--encoder', 'the encoder alone, without the head')
    .option('--checkpoint', '<model> is the id of a checkpoint, whose encoder is written')
    .option('--overwrite', 'files of the same names there may be written over')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print what was written as one JSON document')
    .addHelpText('after', formatHelp())
    .action((model: string, options: Options) => exportModel(environment, model, options));
}

async function exportModel(environment: Environment, model: string, options: Options): Promise<void> {
  if (options.checkpoint) requireNoHead(options);
  const wishes = {
    format: options.format,
    encoderOnly: options.encoder ?? false,
    overwrite: options.overwrite ?? false,
  };
  const to = resolve(environment.folder, options.to);
  const source = folderOrName(environment, model);
  const isFolder = !options.checkpoint && isAbsolute(source);
  const written = isFolder
    ? // A trainer alone does it: the folder holds all it needs, and no project is asked for.
      await interruptible(environment, (signal) =>
        askTrainer(
          environment.host,
          'export',
          {
            ...wishes,
            source: { kind: 'model', folder: source, ...headWish(options) },
            folder: to,
            program: PROGRAM_VERSION,
          },
          { signal, onProgress: () => undefined },
        ),
      )
    : await withService(environment, { folder: projectFolder(environment, options) }, (client) =>
        client.model.export({
          ...wishes,
          source: options.checkpoint
            ? { kind: 'checkpoint', checkpointId: model }
            : { kind: 'model', model: source, ...headWish(options) },
          to,
        }),
      );
  if (options.json) return printJson(environment, written);
  printLine(environment, written.folder);
  for (const { path, bytes: size } of written.files) printLine(environment, `  ${path}  ${bytes(size)}`);
}

function formatHelp(): string {
  const lines = Object.entries(EXPORT_FORMATS).map(
    ([format, { title, summary }]) => `  ${format.padEnd(12)} ${title}. ${summary}`,
  );
  return [
    '',
    'Formats:',
    ...lines,
    '',
    '<model> is the name or the id of a model, or the folder of one.',
  ].join('\n');
}
