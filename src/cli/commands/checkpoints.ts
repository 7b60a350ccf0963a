import type { Command } from 'commander';
import { printJson, printLine, type Environment } from '../environment.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { bytes, table } from '../words/text.ts';

export function addCheckpointCommand(program: Command, environment: Environment): void {
  program
    .command('checkpoints')
    .description('list the checkpoints; an id can stand as fromCheckpoint or pretext.startFrom in a recipe')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action(async (options: ProjectOption & { json?: boolean }) => {
      const folder = projectFolder(environment, options);
      const { checkpoints, runs } = await withService(environment, { folder }, async (client) => ({
        checkpoints: await client.checkpoint.list(),
        runs: await client.run.list(),
      }));
      if (options.json) return printJson(environment, { project: folder, checkpoints });
      if (checkpoints.length === 0) return printLine(environment, 'No checkpoints yet.');
      const nameOf = new Map(
        runs.map(({ id, name, status }) => [id, status === 'done' ? name : `${name} (${status})`]),
      );
      const rows = checkpoints.map(({ id, runId, kind, step, bytes: size, file }) => [
        id,
        nameOf.get(runId) ?? runId,
        kind,
        String(step),
        bytes(size),
        file,
      ]);
      printLine(environment, table(['id', 'run', 'kind', 'step', 'size', 'file'], rows, [3, 4]));
    });
}
