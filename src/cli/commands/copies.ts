import type { Command } from 'commander';
import type { CopyPair, Dataset } from '../../contract/entities.ts';
import type { Client } from '../../client/service.ts';
import { printJson, printLine, UsageError, type Environment } from '../environment.ts';
import { datasetNamed } from '../session/datasets.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { plural, table } from '../words/text.ts';

type Options = ProjectOption & { json?: boolean; find?: boolean; leaveOut?: boolean; bringBack?: boolean };
/** Pairs in the table; the JSON document has more. */
const SHOWN = 20;
const MOST = 500;

export function addCopies(data: Command, environment: Environment): void {
  data
    .command('copies <name>')
    .description('list validation and test samples that are copies, or nearly so, of training samples')
    .option('--find', 'look for them anew')
    .option('--leave-out', 'take the training samples among them out of training')
    .option('--bring-back', 'make those training samples again')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', `print one JSON document, with at most ${MOST} pairs`)
    .action(async (name: string, options: Options) => {
      if (options.leaveOut && options.bringBack)
        throw new UsageError('--leave-out and --bring-back ask for opposite things: give one of them.');
      const folder = projectFolder(environment, options);
      const { dataset, total, pairs } = await withService(environment, { folder }, (client) =>
        change(client, name, options),
      );
      if (options.json)
        printJson(environment, {
          project: folder,
          dataset: name,
          copies: dataset.copies ?? null,
          total,
          pairs,
        });
      else printLine(environment, [...copiesText(dataset), ...pairTable(pairs, total)].join('\n'));
    });
}

async function change(client: Client, name: string, options: Options) {
  const { id, copies } = await datasetNamed(client, name);
  if (options.find || !copies) await client.dataset.findCopies({ datasetId: id });
  if (options.leaveOut || options.bringBack)
    await client.dataset.leaveCopiesOut({ datasetId: id, leaveOut: options.leaveOut === true });
  const limit = options.json ? MOST : SHOWN;
  const [dataset, page] = [
    await datasetNamed(client, name),
    await client.dataset.copies({ datasetId: id, limit }),
  ];
  return { dataset, ...page };
}

/** What is known of copies across splits, in a line; none before anybody looked. */
export function copiesText({ copies, name, split }: Dataset): string[] {
  if (!copies) return [];
  if (copies.heldOut === 0) return ['No copies across splits.'];
  const found = `${copies.test} of ${split.test} test and ${copies.heldOut - copies.test} of ${split.validation} validation samples are copies, or nearly so, of training samples`;
  return [
    copies.leftOutAt === null
      ? `Caution: ${found}: pretext data copies ${JSON.stringify(name)} --leave-out`
      : `${found}; ${plural(copies.training, 'training sample')} left out of training for it`,
  ];
}

function pairTable(pairs: readonly CopyPair[], total: number): string[] {
  if (pairs.length === 0) return [];
  const rows = pairs.map(({ heldOut, training, exact, likeness }) => [
    heldOut.split,
    heldOut.source,
    training.split,
    training.source,
    exact ? 'exact' : likeness.toFixed(4),
  ]);
  return [
    '',
    table(['split', 'sample', 'split', 'copy of', 'likeness'], rows, [4]),
    ...(total > pairs.length ? [`… and ${total - pairs.length} more pairs`] : []),
  ];
}
