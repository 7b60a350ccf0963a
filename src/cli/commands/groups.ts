/** `data groups`: what the groups of a dataset are called, to leave some of them out or to hold them out in turn. */
import type { Command } from 'commander';
import { OWN_GROUPS } from '../../contract/recipe/folds.ts';
import { printJson, printLine, type Environment } from '../environment.ts';
import { datasetNamed } from '../session/datasets.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { plural, table } from '../words/text.ts';

type Options = ProjectOption & { by: string; json?: boolean };

const PAGE = 500;

export function addGroups(data: Command, environment: Environment): void {
  data
    .command('groups <name>')
    .description('list the groups of a dataset (subjects, sessions, sites) and how many samples each has')
    .option('--by <column>', 'take groups by a column that they come from', OWN_GROUPS)
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action(async (name: string, options: Options) => {
      const folder = projectFolder(environment, options);
      await withService(environment, { folder }, async (client) => {
        const { id } = await datasetNamed(client, name);
        const { by } = options;
        const found = await client.dataset.groups({ datasetId: id, by, limit: PAGE });
        while (found.groups.length < found.total) {
          const page = { offset: found.groups.length, limit: PAGE };
          const { groups } = await client.dataset.groups({ datasetId: id, by, ...page });
          found.groups.push(...groups);
        }
        if (options.json) return printJson(environment, { project: folder, dataset: name, by, ...found });
        const rows = found.groups.map((group) => [group.name, String(group.samples)]);
        printLine(environment, [plural(found.total, by), table([by, 'samples'], rows, [1])].join('\n'));
      });
    });
}
