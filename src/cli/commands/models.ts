import type { Command } from 'commander';
import { metricOf } from '../../contract/results/metric.ts';
import { headsOf, withHead } from '../../contract/model/heads.ts';
import { splitWords, testWords } from '../../contract/model/made-words.ts';
import type { KeptModel } from '../../contract/model/model.ts';
import { printJson, printLine, UsageError, type Environment } from '../environment.ts';
import { addMakeCommands } from './make-model.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { bytes, score, table } from '../words/text.ts';

type Options = ProjectOption & { json?: boolean };

export function addModelCommands(program: Command, environment: Environment): void {
  program
    .command('models')
    .description('list the kept models: what each answers, how well, and where it lies')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action(async (options: Options) => {
      const folder = projectFolder(environment, options);
      const models = await withService(environment, { folder }, (client) => client.model.list());
      if (options.json) return printJson(environment, { project: folder, models });
      printLine(environment, models.length === 0 ? 'No models yet.' : modelTable(models));
    });
  const one = program.command('model').description('One kept model, by its id or its name');
  addMakeCommands(one, environment);
  // What many type first.
  one
    .command('list', { hidden: true })
    .allowExcessArguments()
    .allowUnknownOption()
    .action(() => {
      throw new UsageError('Models are listed by `pretext models`.');
    });
  one
    .command('remove <model>')
    .description('move a model to the project’s trash, where it stays for a month')
    .option('--project <folder>', 'the project; default: the present folder')
    .action(async (wanted: string, options: ProjectOption) => {
      const folder = projectFolder(environment, options);
      const name = await withService(environment, { folder }, async (client) => {
        const { model } = await client.model.find({ model: wanted });
        await client.model.remove({ modelId: model.id });
        return model.name;
      });
      printLine(environment, `${name}: in the trash of the project for a month`);
    });
}

function headWords(head: KeptModel['model']['head']): string {
  if (head.kind === 'number') return 'a number';
  return head.kind === 'classes' ? `${head.classNames.length} classes` : `${head.names.length} ${head.kind}`;
}

function modelTable(models: readonly KeptModel[]): string {
  const rows = models.flatMap(({ model: whole, bytes: size }) =>
    headsOf(whole).map((name) => ({ model: withHead(whole, name), size })),
  );
  const cells = rows.map(({ model, size }) => {
    const { head, scores, trainedOn } = model;
    return [
      model.id,
      model.name,
      headWords(head),
      `${trainedOn.labels} ${trainedOn.splits.length > 1 ? `${splitWords(model)} ` : ''}labels of ${trainedOn.dataset}`,
      metricOf(scores.metric).word,
      scores.test ? score(scores.test.score) : testWords(model),
      bytes(size),
    ];
  });
  return table(['id', 'name', 'answers', 'trained on', 'metric', 'test', 'size'], cells, [5, 6]);
}
