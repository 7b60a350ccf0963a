/** Models that are made of what a study has found: one final model, or the average of the seeds. */
import { InvalidArgumentError, type Command } from 'commander';
import type { Run } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import { heldOutSplitSchema, type HeldOutSplit, type MakingKind } from '../../contract/model/making.ts';
import { headsOf, withHead } from '../../contract/model/heads.ts';
import { madeSentences } from '../../contract/model/made-words.ts';
import type { KeptModel, Model } from '../../contract/model/model.ts';
import { metricOf } from '../../contract/results/metric.ts';
import type { Client } from '../../client/service.ts';
import { NotDone, printJson, printLine, say, type Environment } from '../environment.ts';
import { follow, isOver } from '../session/follow.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { score } from '../words/text.ts';

interface Options extends ProjectOption {
  include?: HeldOutSplit[];
  json?: boolean;
}

export function addMakeCommands(model: Command, environment: Environment): void {
  model
    .command('final <study>')
    .description(
      'train once more on all labels by the settings found; of a study its best arm by validation scores is followed, of a run that run',
    )
    .option(
      '--include <splits>',
      'train on the labels of these as well: validation, test, or validation,test',
      parseSplits,
    )
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print the model as one JSON document')
    .action((of: string, options: Options) => make(environment, 'final', of, options));
  model
    .command('ensemble <run>')
    .description('keep the average of the answers of all seeds of a run, or of the best run of a study')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print the model as one JSON document')
    .action((of: string, options: Options) => make(environment, 'ensemble', of, options));
}

function parseSplits(text: string): HeldOutSplit[] {
  return text.split(',').map((word) => {
    const split = heldOutSplitSchema.safeParse(word.trim());
    if (!split.success) throw new InvalidArgumentError('It must be validation, test, or validation,test.');
    return split.data;
  });
}

async function make(environment: Environment, kind: MakingKind, of: string, options: Options): Promise<void> {
  const folder = projectFolder(environment, options);
  const wish = { kind, of, include: options.include ?? [] };
  const made = await withService(environment, { folder, queue: 'on' }, async (client) => {
    const { readOnlyQueue } = await client.project.get();
    if (!readOnlyQueue) return modelOf(client, await followed(environment, client, wish));
    const run = await client.model.make(wish);
    say(environment, `Another program runs the queue of this project: it was asked to make ${run.name}.`);
    return null;
  });
  if (!made) return;
  if (options.json) return printJson(environment, made);
  printLine(environment, summary(made));
}

type Wish = { kind: MakingKind; of: string; include: HeldOutSplit[] };

async function followed(environment: Environment, client: Client, wish: Wish): Promise<Run> {
  let id = '';
  const ended = await follow<Run>(environment, client, {
    async begin() {
      ({ id } = await client.model.make(wish));
    },
    ended: (event) => (event.type === 'run' && event.run.id === id && isOver(event.run) ? event.run : null),
    interrupt: async () => void (await client.run.pause({ runId: id })),
    interruptNote: 'Pausing: the checkpoint is being written. Ctrl-C again ends at once.',
  });
  if (ended.failure) throw new PretextError(ended.failure);
  if (ended.status !== 'done') throw new NotDone('Paused. The same command goes on from here.');
  return ended;
}

async function modelOf(client: Client, { id }: Run): Promise<KeptModel> {
  const models = await client.model.list();
  const found = models.find(({ model }) => model.trainedOn.runId === id);
  if (found) return found;
  throw new Error('the run ended without a model');
}

function summary({ model, folder }: KeptModel): string {
  const heads = headsOf(model);
  const words = heads.flatMap((head) => [
    ...(heads.length > 1 ? [`Its head for ${head}:`] : []),
    ...sentencesOf(withHead(model, head)),
  ]);
  return [`${model.name}: ${folder}`, ...words].join('\n');
}

function sentencesOf(model: Model): string[] {
  const { scores } = model;
  return [
    ...madeSentences(model),
    ...(scores.test
      ? [
          `Its own answers scored ${score(scores.test.score)} on ${scores.test.samples} test samples (${metricOf(scores.metric).word}).`,
        ]
      : []),
  ];
}
