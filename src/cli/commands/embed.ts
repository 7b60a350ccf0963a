import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { embeddingFormatSchema, type EmbeddingFormat } from '../../contract/model/export.ts';
import { printJson, printLine, say, UsageError, type Environment } from '../environment.ts';
import { datasetNamed } from '../session/datasets.ts';
import { folderOrName } from '../session/models.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { plural } from '../words/text.ts';

interface Options extends ProjectOption {
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
    .command('embed <dataset>')
    .description('write the features of all samples of a dataset, as an encoder finds them')
    .option('--model <model>', 'by the encoder of a model: its id, name or folder')
    .option('--checkpoint <id>', 'by the encoder of a checkpoint')
    .requiredOption('--to <file>', 'the file; for tsv there are two, of vectors and of what each is')
    .option('--format <format>', `${FORMATS.join(', ')}; default: by the file’s name`, parseFormat)
    .option('--overwrite', 'what is there may be written over')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document about it')
    .action((dataset: string, options: Options) => embed(environment, dataset, options));
}

function parseFormat(text: string): EmbeddingFormat {
  const parsed = embeddingFormatSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`It must be one of ${FORMATS.join(', ')}.`);
  return parsed.data;
}

async function embed(environment: Environment, dataset: string, options: Options): Promise<void> {
  const { model, checkpoint } = options;
  if ((model === undefined) === (checkpoint === undefined))
    throw new UsageError('By which encoder? Give --model or --checkpoint, one of them.');
  const format = options.format ?? FORMATS.find((one) => options.to.toLowerCase().endsWith(`.${one}`));
  if (!format)
    throw new UsageError(
      `In which format? Let the name end in ${FORMATS.map((one) => `.${one}`).join(', ')}, or give --format.`,
    );
  const folder = projectFolder(environment, options);
  const written = await withService(environment, { folder }, async (client) => {
    const { id: datasetId } = await datasetNamed(client, dataset);
    say(environment, `Embedding ${dataset} …`);
    return client.model.embed({
      id: 'cli',
      source:
        model === undefined
          ? { kind: 'checkpoint', checkpointId: checkpoint! }
          : { kind: 'model', model: folderOrName(environment, model) },
      datasetId,
      format,
      to: resolve(environment.folder, options.to),
      overwrite: options.overwrite ?? false,
    });
  });
  if (options.json) return printJson(environment, written);
  printLine(
    environment,
    `${plural(written.samples, 'sample')}, ${plural(written.features, 'feature')} each:`,
  );
  for (const file of written.files) printLine(environment, `  ${file}`);
}
