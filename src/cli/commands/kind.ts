/** `data kind`: what the signals of a dataset are of, as it was found, or as a person says. */
import { Argument, type Command } from 'commander';
import type { Dataset } from '../../contract/entities.ts';
import {
  KIND_CHOICES,
  KIND_WORDS,
  kindWords,
  SIGNAL_KINDS,
  type KindChoice,
} from '../../contract/data/recordings/signal-kinds.ts';
import { printJson, printLine, type Environment } from '../environment.ts';
import { datasetNamed } from '../session/datasets.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';

type Options = ProjectOption & { json?: boolean };

export function addKind(data: Command, environment: Environment): void {
  data
    .command('kind <name>')
    .description('say what the signals of a dataset are of, by which default views are proposed')
    .addArgument(
      new Argument('[kind]', 'what they are, where it was found wrongly; auto: as found').choices(
        KIND_CHOICES,
      ),
    )
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print the dataset as one JSON document')
    .addHelpText('after', () => `\nKinds:\n${kindHelp()}`)
    .action(async (name: string, kind: KindChoice | undefined, options: Options) => {
      const folder = projectFolder(environment, options);
      const dataset = await withService(environment, { folder }, async (client) => {
        const found = await datasetNamed(client, name);
        return kind === undefined ? found : client.dataset.setKind({ datasetId: found.id, kind });
      });
      if (options.json) printJson(environment, dataset);
      else printLine(environment, kindText(dataset).join('\n') || `${dataset.name} holds no signals.`);
    });
}

/** What a dataset's signals are of, in a line; none where it holds no signals. */
export const kindText = ({ signalKind }: Pick<Dataset, 'signalKind'>): string[] =>
  signalKind ? [`Kind of signal: ${kindWords(signalKind)}`] : [];

const kindHelp = () =>
  SIGNAL_KINDS.map((kind) => `  ${kind}: ${KIND_WORDS[kind].title}. ${KIND_WORDS[kind].note}.`).join('\n');
