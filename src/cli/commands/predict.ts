import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { ImportIssue } from '../../contract/entities.ts';
import {
  predictionFormatSchema,
  type PredictionFormat,
  type PredictionOutput,
  type Predictions,
} from '../../contract/model/prediction.ts';
import { withHead } from '../../contract/model/heads.ts';
import { madeSentences } from '../../contract/model/made-words.ts';
import { askTrainer } from '../../client/trainer.ts';
import { EXIT, NotDone, printJson, printLine, say, UsageError, type Environment } from '../environment.ts';
import type { StretchOutput, WrittenStretches } from '../../contract/model/stretches.ts';
import { decimalOf, decimalOption, type DecimalFlag } from '../flags/decimal-option.ts';
import { headOption, headWish, type HeadFlag } from '../flags/head-option.ts';
import { addSmoothingFlags, smoothingFlag, toSmoothing } from '../flags/smoothing-options.ts';
import { datasetNamed } from '../session/datasets.ts';
import { interruptible, modelAt } from '../session/models.ts';
import { CLI_ID, teller, tellQuestions } from '../session/questions.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { duration, plural } from '../words/text.ts';
import { watchFolders } from './watch.ts';

interface Options extends ProjectOption, DecimalFlag, HeadFlag {
  output?: string;
  stretches?: string;
  format?: PredictionFormat;
  dataset?: string;
  overwrite?: boolean;
  embeddings?: boolean;
  watch?: boolean;
  json?: boolean;
}

/** A table of answers, stretches, or both. */
interface Wanted {
  output: PredictionOutput | null;
  stretches?: StretchOutput;
}

const FORMATS = predictionFormatSchema.options;
/** Of what was left out, and of what was noted. */
const MOST_TOLD = 5;

export function addPredictCommand(program: Command, environment: Environment): void {
  const command = program
    .command('predict <model> [paths...]')
    .description('answer new samples by a kept model: its folder, or its id or name in a project')
    .option('--output <file>', 'the file of answers; it appears once all are there')
    .option(
      '--stretches <path>',
      'recordings: stretches of one class, as a table (.csv), as annotations of one recording (.edf), or a folder of such',
    )
    .option('--format <format>', `${FORMATS.join(', ')}; default: by the file’s name`, parseFormat)
    .option('--dataset <name>', 'answer the samples of a dataset of the project, instead of files')
    .addOption(headOption())
    .addOption(decimalOption())
    .option('--overwrite', 'let it take the place of a file that is there')
    .option('--watch', 'go on with what comes into the folders, until Ctrl-C; CSV and JSON lines')
    .option('--embeddings', 'write the features of each sample as well')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document about it');
  addSmoothingFlags(command).action(async (model: string, paths: string[], options: Options) => {
    const output = outputOf(environment, options);
    const stretches = stretchesOf(environment, options);
    if (!output && !stretches)
      throw new UsageError('Where to? Give --output FILE, --stretches PATH, or both.');
    if (options.watch) return follow(environment, model, paths, output, options);
    const wanted = { output, ...(stretches && { stretches }) };
    const done = await interruptible(environment, (signal) =>
      options.dataset === undefined
        ? predictFiles(environment, model, paths, wanted, options, signal)
        : predictDataset(environment, model, paths, wanted, options, signal),
    );
    if (options.json) {
      const { rows: _rows, ...told } = done;
      printJson(environment, told);
    } else printLine(environment, summary(done));
  });
}

function parseFormat(text: string): PredictionFormat {
  const parsed = predictionFormatSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`It must be one of ${FORMATS.join(', ')}.`);
  return parsed.data;
}

function outputOf(environment: Environment, options: Options): PredictionOutput | null {
  const { output } = options;
  if (output === undefined) return null;
  const byName = FORMATS.find((format) => output.toLowerCase().endsWith(`.${format}`));
  const format = options.format ?? byName;
  if (!format)
    throw new UsageError(
      `In which format? Let the name of the output end in ${FORMATS.map((one) => `.${one}`).join(', ')}, or give --format.`,
    );
  return {
    file: resolve(environment.folder, output),
    format,
    overwrite: options.overwrite ?? false,
    embeddings: options.embeddings ?? false,
  };
}

function stretchesOf(environment: Environment, options: Options): StretchOutput | null {
  if (options.stretches === undefined) {
    const flag = smoothingFlag({ ...options });
    if (flag !== null)
      throw new UsageError(`${flag} says how stretches are made: give --stretches PATH as well.`);
    return null;
  }
  if (options.dataset !== undefined)
    throw new UsageError('Stretches are made of whole recordings: give their files instead of a dataset.');
  return {
    to: resolve(environment.folder, options.stretches),
    overwrite: options.overwrite ?? false,
    smoothing: toSmoothing({ ...options }),
  };
}

async function follow(
  environment: Environment,
  model: string,
  paths: readonly string[],
  output: PredictionOutput | null,
  options: Options,
): Promise<void> {
  if (!output || options.stretches !== undefined)
    throw new UsageError('--watch writes answers: give --output FILE, and no --stretches.');
  if (paths.length === 0 || options.dataset !== undefined)
    throw new UsageError('--watch follows folders: give some, and no dataset.');
  const { folder } = await modelAt(environment, model, options);
  const abort = new AbortController();
  const stopListening = environment.onInterrupt(() => {
    if (abort.signal.aborted) process.exit(EXIT.failed);
    abort.abort(new NotDone('Stopped.'));
  });
  try {
    const from = paths.map((path) => resolve(environment.folder, path));
    const watch = { model: folder, paths: from, output, ...headWish(options), ...decimalOf(options) };
    await watchFolders(environment, watch, abort.signal);
  } catch (thrown) {
    if (!abort.signal.aborted) throw thrown;
  } finally {
    stopListening();
  }
}

/** A trainer alone does it: no project is needed where the model's folder is named. */
async function predictFiles(
  environment: Environment,
  model: string,
  paths: readonly string[],
  wanted: Wanted,
  options: Options,
  signal: AbortSignal,
): Promise<Predictions> {
  if (paths.length === 0) throw new UsageError('Which samples? Give files or folders, or --dataset NAME.');
  const { folder, model: description } = await modelAt(environment, model, options);
  for (const sentence of madeSentences(description)) say(environment, sentence);
  const from = {
    kind: 'files' as const,
    paths: paths.map((path) => resolve(environment.folder, path)),
    ...decimalOf(options),
  };
  return askTrainer(
    environment.host,
    'predict',
    { model: folder, ...headWish(options), from, ...wanted, rows: 0, pictures: false },
    { signal, onProgress: teller(environment) },
  );
}

async function predictDataset(
  environment: Environment,
  model: string,
  paths: readonly string[],
  wanted: Wanted,
  options: Options,
  signal: AbortSignal,
): Promise<Predictions> {
  if (paths.length > 0) throw new UsageError('Give files and folders, or --dataset NAME: not both.');
  const folder = projectFolder(environment, options);
  return withService(environment, { folder }, async (client) => {
    const { id: datasetId } = await datasetNamed(client, options.dataset!);
    const whole = (await client.model.find({ model })).model;
    for (const sentence of madeSentences(withHead(whole, options.head))) say(environment, sentence);
    await tellQuestions(environment, client, signal);
    const from = { kind: 'dataset' as const, datasetId };
    return client.model.predict({ id: CLI_ID, model, ...headWish(options), from, ...wanted }, { signal });
  });
}

function summary({ samples, leftOut, issues, seconds, file, leftOutFile, stretches }: Predictions): string {
  const rate = seconds > 0 ? `, ${Math.round(samples / seconds).toLocaleString('en')} a second` : '';
  const told = (which: ImportIssue['severity']) =>
    issues
      .filter(({ severity }) => severity === which)
      .slice(0, MOST_TOLD)
      .map(({ file: where, message }) => `  ${where}: ${message}`);
  const noted = told('noted');
  return [
    `${plural(samples, 'sample')} answered in ${duration(seconds)}${rate}${file === null ? '' : `: ${file}`}`,
    ...(stretches ? stretchWords(stretches) : []),
    ...(leftOut > 0 ? [`${plural(leftOut, 'file or row', 'files or rows')} left out: ${leftOutFile}`] : []),
    ...told('left-out'),
    ...(noted.length > 0 ? ['Noted:', ...noted] : []),
  ].join('\n');
}

function stretchWords({ stretches, recordings, files }: WrittenStretches): string[] {
  const [first, ...others] = files;
  const more = others.length > 0 ? ` and ${plural(others.length, 'file')} more` : '';
  return [
    `${plural(stretches, 'stretch', 'stretches')} of ${plural(recordings, 'recording')}: ${first}${more}`,
  ];
}
