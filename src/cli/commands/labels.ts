/** `data labels`: labels that are given or corrected after the import, in versions. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { LabelFileReport, LabelsChanged } from '../../contract/data/labels.ts';
import type { Dataset, LabelVersion } from '../../contract/entities.ts';
import type { Client } from '../../client/service.ts';
import { printJson, printLine, say, UsageError, type Environment } from '../environment.ts';
import { datasetNamed } from '../session/datasets.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { plural, table } from '../words/text.ts';
import { wholeNumber } from '../flags/whole-number.ts';

type Options = ProjectOption & { json?: boolean };
type SetOptions = Options & {
  sample: number[];
  label?: string | false;
  leaveOut?: boolean;
  takeBack?: boolean;
  tests?: boolean;
};
const VERSIONS_SHOWN = 50;

export function addLabels(data: Command, environment: Environment): void {
  const labels = data
    .command('labels')
    .description(
      'Labels given or corrected after the import: in versions, with undo; the import stays as it was',
    );
  const add = (usage: string, description: string) =>
    labels
      .command(usage)
      .description(description)
      .option('--project <folder>', 'the project; default: the present folder')
      .option('--json', 'print one JSON document');

  add('set <dataset>', 'give, correct or take away labels, leave samples out or take them back')
    .requiredOption('--sample <number...>', 'which samples, by their numbers', collect, [])
    .option('--label <label>', 'the class or number; a class that is not there yet becomes one')
    .option('--no-label', 'take the label away')
    .option('--leave-out', 'take the samples out of every split')
    .option('--take-back', 'take them back into the split that they were in')
    .option('--tests', 'change test samples as well')
    .action(async (name: string, options: SetOptions) => {
      const said = saidBy(options);
      const changed = await onDataset(environment, options, name, (client, { id }) =>
        client.dataset.changeLabels({
          datasetId: id,
          changes: options.sample.map((index) => ({ index, ...said })),
          tests: options.tests === true,
        }),
      );
      tell(environment, options, changed);
    });

  add('export <dataset> <file>', 'write all samples with their labels as CSV')
    .option('--overwrite', 'write over a file that is there')
    .action(async (name: string, path: string, options: Options & { overwrite?: boolean }) => {
      const file = resolve(environment.folder, path);
      const { samples } = await onDataset(environment, options, name, (client, { id }) =>
        client.dataset.exportLabels({ datasetId: id, file, overwrite: options.overwrite === true }),
      );
      if (options.json) printJson(environment, { dataset: name, file, samples });
      else printLine(environment, `${plural(samples, 'sample')} written to ${file}`);
    });

  add(
    'import <dataset> <file>',
    'take labels from a CSV with columns sample or source, and label or left_out',
  )
    .option('--tests', 'change test samples as well')
    .option('--empty-removes', 'an empty cell takes the label away; otherwise it leaves it')
    .action(
      async (name: string, path: string, options: Options & { tests?: boolean; emptyRemoves?: boolean }) => {
        const file = resolve(environment.folder, path);
        const report = await onDataset(environment, options, name, (client, { id }) =>
          client.dataset.importLabels({
            datasetId: id,
            file,
            tests: options.tests === true,
            emptyRemoves: options.emptyRemoves === true,
          }),
        );
        if (!options.json) for (const line of badRows(file, report)) say(environment, line);
        tell(environment, options, report);
      },
    );

  add('undo <dataset>', 'bring back the labels before the latest change')
    .option('--to <version>', 'bring back those of a version; 0 is the import', wholeNumber)
    .action(async (name: string, options: Options & { to?: number }) => {
      const { to } = options;
      const changed = await onDataset(environment, options, name, (client, { id }) =>
        client.dataset.undoLabels({ datasetId: id, ...(to !== undefined && { to }) }),
      );
      tell(environment, options, changed);
    });

  add('history <dataset>', 'list the versions, and which studies used them').action(
    async (name: string, options: Options) => {
      const { total, versions } = await onDataset(environment, options, name, (client, { id }) =>
        client.dataset.labelVersions({ datasetId: id, limit: options.json ? 500 : VERSIONS_SHOWN }),
      );
      if (options.json) printJson(environment, { dataset: name, total, versions });
      else printLine(environment, versionTable(versions, total));
    },
  );
}

/** What is known of changed labels, in a line; none while all are as imported. */
export function labelsText({ labels, name }: Dataset): string[] {
  if (!labels || labels.changed === 0) return [];
  return [
    `${plural(labels.changed, 'sample')} labeled otherwise than imported (version ${labels.version}): pretext data labels history ${JSON.stringify(name)}`,
  ];
}

async function onDataset<T>(
  environment: Environment,
  options: Options,
  name: string,
  work: (client: Client, dataset: Dataset) => Promise<T>,
): Promise<T> {
  const folder = projectFolder(environment, options);
  return withService(environment, { folder }, async (client) =>
    work(client, await datasetNamed(client, name)),
  );
}

function saidBy({ label, leaveOut, takeBack }: SetOptions) {
  if (leaveOut && takeBack)
    throw new UsageError('--leave-out and --take-back ask for opposite things: give one of them.');
  // Commander gives `true` for what was not said of a flag that has a `--no-` form.
  const isSaid = typeof label === 'string' || label === false;
  if (!isSaid && !leaveOut && !takeBack)
    throw new UsageError('Say what of the samples: --label LABEL, --no-label, --leave-out or --take-back.');
  return {
    ...(isSaid && { label: label === false ? null : label }),
    ...((leaveOut || takeBack) && { leftOut: leaveOut === true }),
  };
}

function tell(environment: Environment, { json }: Options, changed: LabelsChanged | LabelFileReport): void {
  if (json) return printJson(environment, changed);
  const { dataset, samples, tests, version } = changed;
  const ofTest = tests > 0 ? `, ${plural(tests, 'test sample')} among them` : '';
  printLine(
    environment,
    samples === 0
      ? `Nothing differs: the labels of ${dataset.name} stay as they are (version ${version}).`
      : `${plural(samples, 'sample')} of ${dataset.name} changed${ofTest}: version ${version}. Studies keep the labels that they used.`,
  );
}

function badRows(file: string, { bad, badCount, blank }: LabelFileReport): string[] {
  const more = badCount - bad.length;
  return [
    ...bad.map(({ row, message }) => `${file}:${row}: ${message}`),
    ...(more > 0 ? [`and ${plural(more, 'more bad row')}`] : []),
    ...(badCount > 0 ? [`${plural(badCount, 'row')} not used, the others were.`] : []),
    ...(blank > 0 ? [`${plural(blank, 'row')} without a label.`] : []),
  ];
}

const WORDS = { import: 'import', hand: 'by hand', file: 'from a list', undo: 'undo' };

function versionTable(versions: readonly LabelVersion[], total: number): string {
  if (versions.length === 0) return 'The labels are as they were imported.';
  const rows = versions.map(({ version, madeAt, madeBy, samples, tests, restores, studies }) => [
    String(version),
    madeAt.slice(0, 16).replace('T', ' '),
    `${WORDS[madeBy]}${restores === null ? '' : `, back to ${restores}`}`,
    String(samples),
    String(tests),
    studies.join(', '),
  ]);
  const more = total - versions.length;
  return [
    table(['version', 'made (UTC)', '', 'samples', 'of test', 'used by'], rows, [0, 3, 4]),
    ...(more > 0 ? [`and ${more} earlier`] : []),
  ].join('\n');
}

function collect(text: string, sofar: number[]): number[] {
  return [...sofar, wholeNumber(text)];
}
