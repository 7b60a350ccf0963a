import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readAnswer } from '../../contract/model/prediction.ts';
import { askTrainer } from '../../client/trainer.ts';
import { printJson, printLine, UsageError, type Environment } from '../environment.ts';
import { interruptible, modelAt } from '../session/models.ts';
import type { ProjectOption } from '../session/session.ts';
import { table } from '../words/text.ts';

interface Options extends ProjectOption {
  class?: string;
  json?: boolean;
}

export function addExplainCommand(program: Command, environment: Environment): void {
  program
    .command('explain <model> <source>')
    .description('say where in a sample a model’s answer comes from; the source as `predict` writes it')
    .option('--class <name>', 'explain this class instead of the likeliest')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document: the answer, and a map by each method')
    .action(async (wanted: string, source: string, options: Options) => {
      const { folder, model } = await modelAt(environment, wanted, options);
      const target = targetOf(model.head, options.class);
      const from = { kind: 'file' as const, source: resolve(environment.folder, source) };
      const found = await interruptible(environment, (signal) =>
        askTrainer(
          environment.host,
          'explain',
          { model: folder, from, target },
          { signal, onProgress: () => {} },
        ),
      );
      const { panel: _panel, ...told } = found;
      if (options.json) return printJson(environment, { model: model.name, source, ...told });
      const answer = readAnswer(model, found.values);
      printLine(
        environment,
        answer.kind === 'classes'
          ? `${answer.label}: ${answer.probability.toFixed(3)}`
          : String(answer.number),
      );
      for (const { method, grid, values } of found.maps)
        printLine(environment, `\n${method}\n${mapText(grid, values)}`);
    });
}

function targetOf(
  head: Awaited<ReturnType<typeof modelAt>>['model']['head'],
  name: string | undefined,
): number | null {
  if (name === undefined) return null;
  const names = head.kind === 'classes' ? head.classNames : [];
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
