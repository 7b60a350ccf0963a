import type { Command } from 'commander';
import { resolve } from 'node:path';
import type { ReaderDescription } from '../../contract/catalogue.ts';
import type { Dataset } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import { datasetNameSchema } from '../../contract/recipe/recipe.ts';
import { reasonWords } from '../../contract/data/issue-words.ts';
import { describeModality } from '../../contract/data/modality.ts';
import { labelKinds } from '../../contract/words.ts';
import { splitGaps } from '../../contract/data/splits/split-gaps.ts';
import type { Client } from '../../client/service.ts';
import { NotDone, printJson, printLine, say, UsageError, type Environment } from '../environment.ts';
import { follow } from '../session/follow.ts';
import { inFlags } from '../flags/flag-words.ts';
import { addImportFlags, toImportOptions } from '../flags/import-options.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { bytes, plural, table } from '../words/text.ts';
import { datasetNamed } from '../session/datasets.ts';
import { addCopies, copiesText } from './copies.ts';
import { addLabels, labelsText } from './labels.ts';
import { addInspect } from './inspect.ts';
import { addDatasetRemoval } from './remove.ts';
import { addGroups } from './groups.ts';
import { addKind, kindText } from './kind.ts';
import { addRows } from './rows.ts';

type Options = ProjectOption & { json?: boolean };
const PAGE = 500;

export function addDataCommands(
  program: Command,
  environment: Environment,
  readers: readonly ReaderDescription[],
): void {
  const data = program.command('data').description('Datasets of a project');
  addImport(data, environment, readers);
  addImportAgain(data, environment, readers);
  addInspect(data, environment, readers);
  data
    .command('list')
    .description('list the datasets')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action(async (options: Options) => {
      const folder = projectFolder(environment, options);
      const datasets = await withService(environment, { folder }, (client) => client.dataset.list());
      if (options.json) printJson(environment, { project: folder, datasets });
      else printLine(environment, datasetTable(datasets));
    });
  addShow(data, environment);
  addRows(data, environment);
  addGroups(data, environment);
  addKind(data, environment);
  addCopies(data, environment);
  addLabels(data, environment);
  addDatasetRemoval(data, environment);
  data
    .command('issues <name>')
    .description('list what an import left out or noted, with the reasons')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action(async (name: string, options: Options) => {
      const folder = projectFolder(environment, options);
      const issues = await withService(environment, { folder }, (client) => readIssues(client, name));
      if (options.json) printJson(environment, { project: folder, dataset: name, issues });
      else if (issues.length === 0)
        printLine(environment, 'Nothing was left out, and there is nothing to note.');
      else printLine(environment, issueTable(issues));
    });
}

function addShow(data: Command, environment: Environment): void {
  data
    .command('show <name>')
    .description('show a dataset: samples, splits, copies across splits')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print the dataset as one JSON document')
    .action(async (name: string, options: Options) => {
      const folder = projectFolder(environment, options);
      const dataset = await withService(environment, { folder }, (client) => datasetNamed(client, name));
      if (options.json) printJson(environment, dataset);
      else printLine(environment, datasetText(dataset));
    });
}

function addImport(data: Command, environment: Environment, readers: readonly ReaderDescription[]): void {
  const command = data
    .command('import <path>')
    .description('import files as a dataset; what cannot be read is listed and left out')
    .requiredOption('--name <name>', 'name of the dataset')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print the dataset as one JSON document');
  addImportFlags(command, readers).action(async (path: string, options: Options & { name: string }) => {
    const importOptions = absolute(environment, toImportOptions(path, { ...options }, readers));
    const name = datasetNameSchema.safeParse(options.name);
    if (!name.success) throw new UsageError(`--name ${name.error.issues[0]!.message}`);
    const folder = projectFolder(environment, options);
    const dataset = await withService(environment, { folder }, async (client) => {
      await tellDoubts(environment, client, importOptions, readers);
      return importAndFollow(environment, client, options.name, importOptions);
    });
    if (options.json) printJson(environment, dataset);
    else printLine(environment, datasetText(dataset));
  });
}

function addImportAgain(
  data: Command,
  environment: Environment,
  readers: readonly ReaderDescription[],
): void {
  const command = data
    .command('import-again <dataset>')
    .description(
      'import the files of a dataset again as another one, with its settings but for those named here: split, groups, class names, roles of columns, …',
    )
    .requiredOption('--name <name>', 'name of the new dataset')
    .option('--path <path>', 'where the files are now; default: where they were')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print the dataset as one JSON document');
  type Flags = Options & { name: string; path?: string };
  addImportFlags(command, readers).action(async (dataset: string, flags: Flags) => {
    const { path, ...options } = flags;
    const name = datasetNameSchema.safeParse(options.name);
    if (!name.success) throw new UsageError(`--name ${name.error.issues[0]!.message}`);
    const folder = projectFolder(environment, options);
    const imported = await withService(environment, { folder }, async (client) => {
      const { id } = await datasetNamed(client, dataset);
      const before = await client.dataset.options({ datasetId: id });
      const wanted = toImportOptions(path ?? before.path, { ...options }, readers, before);
      const importOptions = absolute(environment, wanted);
      await tellDoubts(environment, client, importOptions, readers);
      return importAndFollow(environment, client, options.name, importOptions);
    });
    if (options.json) printJson(environment, imported);
    else printLine(environment, datasetText(imported));
  });
}

/** What could be read in two ways, before anything is stored; what has to be answered ends the import by itself. */
async function tellDoubts(
  environment: Environment,
  client: Client,
  options: ImportOptions,
  readers: readonly ReaderDescription[],
): Promise<void> {
  const { path, ...others } = options;
  const { doubts } = await client.dataset.inspect({ path, options: others });
  for (const { message, remedy, blocking } of doubts)
    if (!blocking) say(environment, `Doubtful: ${message} ${inFlags(remedy, readers)}`);
}

function absolute(environment: Environment, options: ImportOptions): ImportOptions {
  const from = (path: string) => resolve(environment.folder, path);
  return { ...options, path: from(options.path), ...(options.labels && { labels: from(options.labels) }) };
}

async function importAndFollow(
  environment: Environment,
  client: Client,
  name: string,
  options: ImportOptions,
): Promise<Dataset> {
  let id = '';
  const end = await follow(environment, client, {
    begin: async () => void ({ id } = await client.dataset.import({ name, options })),
    ended: (event) => (event.type === 'import-ended' && event.id === id ? event : null),
    interrupt: async () => void (await client.dataset.cancelImport({ id })),
    interruptNote: 'Cancelling the import.',
  });
  if (end.failure?.code === 'import.cancelled') throw new NotDone(end.failure.message);
  if (end.failure) throw new PretextError(end.failure);
  const found = (await client.dataset.list()).find((dataset) => dataset.id === end.datasetId);
  if (!found) throw new Error('the imported dataset is not in the list');
  return found;
}

async function readIssues(client: Client, name: string) {
  const dataset = await datasetNamed(client, name);
  const pages = [];
  for (let offset = 0; ; offset += PAGE) {
    const { total, issues } = await client.dataset.issues({ datasetId: dataset.id, offset, limit: PAGE });
    pages.push(...issues);
    if (offset + PAGE >= total) return pages;
  }
}

function datasetText(dataset: Dataset): string {
  const { name, sampleCount, labeledCount, shape, modality, split, samplingRate, issueCounts } = dataset;
  const { sample, describeShape } = describeModality(modality);
  return [
    `${name}: ${plural(sampleCount, sample)} of ${describeShape(shape)}${samplingRate === undefined ? '' : ` at ${Number(samplingRate.toPrecision(6))} Hz`}, ${labeledCount.toLocaleString('en')} labeled, ${labelKinds(dataset)}`,
    ...kindText(dataset),
    `Split by ${split.by}: ${split.train} train, ${split.validation} validation, ${split.test} test`,
    ...splitGaps(dataset).map(({ message }) => `Warning: ${message}`),
    ...copiesText(dataset),
    ...labelsText(dataset),
    ...(issueCounts.leftOut + issueCounts.noted > 0
      ? [
          `${issueCounts.leftOut} left out, ${issueCounts.noted} noted: pretext data issues ${JSON.stringify(name)}`,
        ]
      : []),
  ].join('\n');
}

function datasetTable(datasets: readonly Dataset[]): string {
  if (datasets.length === 0) return 'No datasets yet: pretext data import PATH --name NAME';
  const rows = datasets.map((dataset) => [
    dataset.name,
    dataset.modality,
    dataset.shape.join(' × '),
    String(dataset.sampleCount),
    String(dataset.labeledCount),
    `${dataset.split.train}/${dataset.split.validation}/${dataset.split.test} by ${dataset.split.by}`,
    bytes(dataset.bytes),
    String(dataset.issueCounts.leftOut),
  ]);
  return table(
    ['name', 'kind', 'shape', 'samples', 'labeled', 'train/validation/test', 'size', 'left out'],
    rows,
    [3, 4, 6, 7],
  );
}

function issueTable(issues: Awaited<ReturnType<typeof readIssues>>): string {
  const rows = issues.map(({ file, row, reason, severity, message }) => [
    row === undefined ? file : `${file}:${row}`,
    severity,
    reasonWords(reason),
    message,
  ]);
  return table(['file', '', 'reason', 'message'], rows);
}
