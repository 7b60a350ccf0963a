import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Model } from '../../contract/model/model.ts';
import { headNames, readAnswer, type ReadAnswer } from '../../contract/model/prediction.ts';
import type { Explanation } from '../../contract/model/explanation.ts';
import { askTrainer } from '../../client/trainer.ts';
import { printJson, printLine, UsageError, type Environment } from '../environment.ts';
import { decimalOf, decimalOption, type DecimalFlag } from '../flags/decimal-option.ts';
import { headOption, headWish, type HeadFlag } from '../flags/head-option.ts';
import { interruptible, modelAt } from '../session/models.ts';
import { isProject, projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { plural, table } from '../words/text.ts';

interface Options extends ProjectOption, DecimalFlag, HeadFlag {
  class?: string;
  to?: string;
  overwrite?: boolean;
  json?: boolean;
}

export function addExplainCommand(program: Command, environment: Environment): void {
  program
    .command('explain <model> <source>')
    .description('say where in a sample a model’s answer comes from; the source as `predict` writes it')
    .addOption(headOption())
    .addOption(decimalOption())
    .option('--class <name>', 'explain this class instead of the likeliest')
    .option('--to <folder>', 'write figures (SVG, PNG), their numbers (CSV) and the nearest training samples')
    .option('--overwrite', 'files of the same names may be written over')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document: the answer, and a map by each method')
    .action(async (wanted: string, source: string, options: Options) => {
      const { folder, model } = await modelAt(environment, wanted, options);
      const target = targetOf(model.head, options.class);
      const sample = resolve(environment.folder, source);
      const ask: Ask = { folder, target, sample };
      const found = await interruptible(environment, (signal) =>
        isOfProject(environment, folder, options)
          ? byProject(environment, model.id, ask, options, signal)
          : byFolder(environment, ask, options, signal),
      );
      const { panel: _panel, ...told } = found;
      if (options.json) return printJson(environment, { model: model.name, source, ...told });
      const answer = readAnswer(model, found.values);
      printLine(environment, answerText(answer));
      if (found.written)
        return printLine(
          environment,
          `${plural(found.written.files.length, 'file')} in ${found.written.folder}`,
        );
      for (const { method, grid, values } of found.maps)
        printLine(environment, `\n${method}\n${mapText(grid, values)}`);
    });
}

interface Ask {
  folder: string;
  target: number | null;
  sample: string;
}

/** A model's folder is all that is needed; its project knows the pictures of training samples as well. */
const isOfProject = (environment: Environment, folder: string, options: Options): boolean =>
  options.to !== undefined &&
  (options.project !== undefined || isProject(environment.folder)) &&
  dirname(folder) === join(projectFolder(environment, options), 'models');

function byFolder(
  environment: Environment,
  { folder, target, sample }: Ask,
  options: Options,
  signal: AbortSignal,
): Promise<Explanation> {
  const { to, overwrite = false } = options;
  const output =
    to === undefined ? null : { folder: resolve(environment.folder, to), overwrite, source: sample };
  return askTrainer(
    environment.host,
    'explain',
    {
      model: folder,
      ...headWish(options),
      from: { kind: 'file', source: sample, ...decimalOf(options) },
      target,
      ...(output && { output }),
    },
    { signal, onProgress: () => {} },
  );
}

const byProject = (
  environment: Environment,
  model: string,
  { target, sample }: Ask,
  options: Options,
  signal: AbortSignal,
): Promise<Explanation> =>
  withService(environment, { folder: projectFolder(environment, options) }, (client) =>
    client.model.explain(
      {
        model,
        ...headWish(options),
        from: { kind: 'file', source: sample, ...decimalOf(options) },
        ...(target !== null && { target }),
        to: resolve(environment.folder, options.to!),
        overwrite: options.overwrite ?? false,
      },
      { signal },
    ),
  );

function answerText(answer: ReadAnswer): string {
  switch (answer.kind) {
    case 'classes':
      return `${answer.label}: ${answer.probability.toFixed(3)}`;
    case 'number':
      return String(answer.number);
    case 'labels':
      return answer.labels.map(({ name, probability }) => `${name}: ${probability.toFixed(3)}`).join('\n');
    case 'numbers':
      return answer.numbers.map(({ name, number }) => `${name}: ${number}`).join('\n');
  }
}

function targetOf(head: Model['head'], name: string | undefined): number | null {
  if (name === undefined) return null;
  const names = headNames(head);
  const found = names.indexOf(name);
  if (found < 0)
    throw new UsageError(`The model has no class “${name}”. It answers: ${names.join(', ') || 'a number'}.`);
  return found;
}

/** Shares of the strongest cell, in percent: rows and columns of images, stretches and channels of signals. */
function mapText(grid: readonly number[], values: readonly number[]): string {
  const most = Math.max(1e-12, ...values.map(Math.abs));
  const [rows = 1, columns = 1] = grid;
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_cell, column) =>
      String(Math.round((values[row * columns + column]! / most) * 100)),
    ),
  );
  return table(
    [],
    lines,
    Array.from({ length: columns }, (_, column) => column),
  ).trimStart();
}
