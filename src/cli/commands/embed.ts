import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { embeddingFormatSchema, type EmbeddingFormat } from '../../contract/model/export.ts';
import { printJson, printLine, UsageError, type Environment } from '../environment.ts';
import { decimalOf, decimalOption, type DecimalFlag } from '../flags/decimal-option.ts';
import { headOption, headWish, requireNoHead, type HeadFlag } from '../flags/head-option.ts';
import { datasetNamed } from '../session/datasets.ts';
import { folderOrName, interruptible } from '../session/models.ts';
import { CLI_ID, tellQuestions } from '../session/questions.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { plural } from '../words/text.ts';

interface Options extends ProjectOption, DecimalFlag, HeadFlag {
  files?: string[];
  model?: string;
  checkpoint?: string;
  to: string;
  format?: EmbeddingFormat;
  overwrite?: boolean;
  json?: boolean;
}

const FORMATS = embeddingFormatSchema.options;

export function addEmbedCommand(program: Command, environment: Environment): void {
  program
    .command('embed [dataset]')
    .description('write the features of samples, as an encoder finds them: of a dataset, or in files')
    .option(
      '--files <paths...>',
      'files and folders instead of a dataset, prepared as the model’s training data were',
    )
    .addOption(headOption())
    .addOption(decimalOption())
    .option('--model <model>', 'by the encoder of a model: its id, name or folder')
    .option('--checkpoint <id>', 'by the encoder of a checkpoint')
    .requiredOption('--to <file>', 'the file; for tsv there are two, of vectors and of what each is')
    .option('--format <format>', `${FORMATS.join(', ')}; default: by the file’s name`, parseFormat)
    .option('--overwrite', 'what is there may be written over')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document about it')
    .action((dataset: string | undefined, options: Options) => embed(environment, dataset, options));
}

function parseFormat(text: string): EmbeddingFormat {
  const parsed = embeddingFormatSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`It must be one of ${FORMATS.join(', ')}.`);
  return parsed.data;
}

async function embed(environment: Environment, dataset: string | undefined, options: Options): Promise<void> {
  const { model, checkpoint, files } = options;
  if ((dataset === undefined) === (files === undefined))
    throw new UsageError('Of what? Give the name of a dataset, or --files, one of them.');
  if ((model === undefined) === (checkpoint === undefined))
    throw new UsageError('By which encoder? Give --model or --checkpoint, one of them.');
  if (checkpoint !== undefined) requireNoHead(options);
  const format = options.format ?? FORMATS.find((one) => options.to.toLowerCase().endsWith(`.${one}`));
  if (!format)
    throw new UsageError(
      `In which format? Let the name end in ${FORMATS.map((one) => `.${one}`).join(', ')}, or give --format.`,
    );
  const folder = projectFolder(environment, options);
  const written = await interruptible(environment, (signal) =>
    withService(environment, { folder }, async (client) => {
      const from =
        dataset === undefined
          ? {
              kind: 'files' as const,
              paths: files!.map((path) => resolve(environment.folder, path)),
              ...decimalOf(options),
            }
          : { kind: 'dataset' as const, datasetId: (await datasetNamed(client, dataset)).id };
      await tellQuestions(environment, client, signal);
      return client.model.embed(
        {
          id: CLI_ID,
          source:
            model === undefined
              ? { kind: 'checkpoint', checkpointId: checkpoint! }
              : { kind: 'model', model: folderOrName(environment, model), ...headWish(options) },
          from,
          format,
          to: resolve(environment.folder, options.to),
          overwrite: options.overwrite ?? false,
        },
        { signal },
      );
    }),
  );
  if (options.json) return printJson(environment, written);
  printLine(
    environment,
    `${plural(written.samples, 'sample')}, ${plural(written.features, 'feature')} each:`,
  );
  for (const file of written.files) printLine(environment, `  ${file}`);
  if (written.leftOut > 0)
    printLine(environment, `${plural(written.leftOut, 'file or row', 'files or rows')} could not be read.`);
}
