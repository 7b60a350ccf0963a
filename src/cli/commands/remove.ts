/** Removing datasets and studies, and bringing them back for a while. */
import type { Command } from 'commander';
import { printJson, printLine, say, type Environment } from '../environment.ts';
import { datasetNamed } from '../session/datasets.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { studyIdOf } from '../session/studies.ts';
import { plural } from '../words/text.ts';

type Options = ProjectOption & { json?: boolean };

const SHOWN = 5;

export function addDatasetRemoval(data: Command, environment: Environment): void {
  withFlags(data.command('remove <name>'))
    .description('remove a dataset with its imported samples; the files that it came from stay as they are')
    .action(async (name: string, options: Options) => {
      const folder = projectFolder(environment, options);
      const { id, ...removed } = await withService(environment, { folder }, async (client) => {
        const dataset = await datasetNamed(client, name);
        return { id: dataset.id, ...(await client.dataset.remove({ datasetId: dataset.id })) };
      });
      if (options.json) return printJson(environment, { dataset: { id, name }, ...removed });
      const { usedBy, undoSeconds } = removed;
      if (usedBy.length > 0)
        say(
          environment,
          `${plural(usedBy.length, 'finished study', 'finished studies')} used it (${usedBy.slice(0, SHOWN).join(', ')}${usedBy.length > SHOWN ? ', …' : ''}): the results stay, and cannot be repeated without it.`,
        );
      printLine(environment, `${name} is removed. ${undoWords('data', id, undoSeconds)}`);
    });
  withFlags(data.command('restore <id>'))
    .description('bring back a dataset that was removed a moment ago')
    .action(async (datasetId: string, options: Options) => {
      const folder = projectFolder(environment, options);
      const dataset = await withService(environment, { folder }, (client) =>
        client.dataset.restore({ datasetId }),
      );
      if (options.json) return printJson(environment, dataset);
      printLine(environment, `${dataset.name} is back.`);
    });
}

export function addStudyRemoval(study: Command, environment: Environment): void {
  withFlags(study.command('cancel <study>'))
    .description('end the runs of a study for good; what is finished stays')
    .action(async (named: string, options: Options) => {
      const folder = projectFolder(environment, options);
      const found = await withService(environment, { folder }, async (client) => {
        const studyId = await studyIdOf(client, named);
        await client.study.cancel({ studyId });
        return client.study.get({ studyId });
      });
      if (options.json) return printJson(environment, found);
      printLine(environment, `${found.name} (${found.id}): ${found.status}`);
    });
  withFlags(study.command('remove <study>'))
    .description('remove a study with its runs, checkpoints and models')
    .action(async (named: string, options: Options) => {
      const folder = projectFolder(environment, options);
      const { id, name, undoSeconds } = await withService(environment, { folder }, async (client) => {
        const found = await client.study.get({ studyId: await studyIdOf(client, named) });
        return { ...found, ...(await client.study.remove({ studyId: found.id })) };
      });
      if (options.json) return printJson(environment, { study: { id, name }, undoSeconds });
      printLine(environment, `${name} is removed. ${undoWords('study', id, undoSeconds)}`);
    });
  withFlags(study.command('restore <id>'))
    .description('bring back a study that was removed a moment ago')
    .action(async (studyId: string, options: Options) => {
      const folder = projectFolder(environment, options);
      const found = await withService(environment, { folder }, (client) => client.study.restore({ studyId }));
      if (options.json) return printJson(environment, found);
      printLine(environment, `${found.name} is back.`);
    });
}

const withFlags = (command: Command) =>
  command
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document');

const undoWords = (command: string, id: string, seconds: number) =>
  `Within ${seconds} seconds, \`pretext ${command} restore ${id}\` brings it back; then its files are deleted when the project is next opened.`;
