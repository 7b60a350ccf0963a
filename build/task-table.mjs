// `node build/task-table.mjs [--check]`: writes docs/tasks.md from the registries of pretext tasks and encoders.
import { join } from 'node:path';
import { describeEncoders, describePretextTasks } from '../src/learning/catalogue.ts';
import { root } from './setup/paths.mjs';
import { writePageWhenRun } from './written-page.mjs';

export const taskPageFile = join(root, 'docs', 'tasks.md');

/** “images, signals and tables”. */
const pluralsOf = (modalities) =>
  new Intl.ListFormat('en-GB').format(modalities.map((modality) => `${modality}s`));

/** The page as it must be for the tasks and encoders of now. */
export function taskPage() {
  const families = new Set(describeEncoders().map(({ id }) => id));
  const tasks = describePretextTasks().map(
    ({ id, title, summary, pseudoLabel, healthy, paper, modalities, encoders, needsLabels, asks }) => {
      const source = paper.url ? `[${paper.title}](${paper.url})` : paper.title;
      const limits = [
        `for ${pluralsOf(modalities)}`,
        ...(encoders.length < families.size
          ? [`with ${encoders.map((name) => `\`${name}\``).join(', ')} only`]
          : []),
        ...(needsLabels ? ['needs labels'] : []),
        ...(asks.includes('group') ? ['needs groups (subjects, patients, sites)'] : []),
        ...(asks.includes('recording') ? ['needs recordings of several windows'] : []),
      ];
      return [
        `## ${title}`,
        `\`${id}\`, ${limits.join(', ')}. ${paper.authors} ${paper.year}: ${source}.`,
        summary,
        `**Pseudo-label:** ${pseudoLabel}`,
        `**Healthy curves:** ${healthy}`,
      ].join('\n\n');
    },
  );
  const encoders = describeEncoders().map(
    ({ id, title, summary, modalities }) =>
      `- **${title}** (\`${id}\`, for ${pluralsOf(modalities)}): ${summary}`,
  );
  return `${[
    '# Pretext tasks and encoders',
    'Written by `node build/task-table.mjs` from the registries in `src/learning`; the window shows the same.',
    ...tasks,
    '## Encoders',
    encoders.join('\n'),
  ].join('\n\n')}\n`;
}

writePageWhenRun(import.meta.url, taskPageFile, taskPage);
