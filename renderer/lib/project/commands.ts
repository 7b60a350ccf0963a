/** What the command palette offers. */
import type { ProjectSession } from '../../state/project.svelte.ts';
import { PLAIN_SCREENS, SCREENS, type Route } from './screens.ts';
import type { Theme } from '../../../src/contract/messages/shell.ts';

export interface Command {
  id: string;
  group: 'Go to' | 'Datasets' | 'Runs' | 'Studies' | 'Project' | 'Appearance';
  title: string;
  keys?: string;
  run: () => void;
}

export interface CommandTargets {
  go: (route: Route) => void;
  choose: (theme: Theme) => void;
  openProject: () => void;
  newProject: () => void;
  closeProject: () => void;
}

export function commandsOf(project: ProjectSession, targets: CommandTargets): Command[] {
  return [
    ...PLAIN_SCREENS.map((screen): Command => {
      const { title, key } = SCREENS[screen];
      return {
        id: `go:${screen}`,
        group: 'Go to',
        title,
        ...(key && { keys: `Ctrl ${key}` }),
        run: () => targets.go({ screen }),
      };
    }),
    ...project.datasets.all.map((dataset): Command => ({
      id: `dataset:${dataset.id}`,
      group: 'Datasets',
      title: dataset.name,
      run: () => targets.go({ screen: 'dataset', id: dataset.id }),
    })),
    ...project.runs.all.map((run): Command => ({
      id: `run:${run.id}`,
      group: 'Runs',
      title: run.name,
      run: () => targets.go({ screen: 'run', id: run.id }),
    })),
    ...project.studies.comparisons.map((study): Command => ({
      id: `study:${study.id}`,
      group: 'Studies',
      title: project.studies.titleOf(study.id),
      run: () => targets.go({ screen: 'compare', id: study.id }),
    })),
    { id: 'project:new', group: 'Project', title: 'New project…', run: targets.newProject },
    { id: 'project:open', group: 'Project', title: 'Open project…', run: targets.openProject },
    { id: 'project:close', group: 'Project', title: 'Close project', run: targets.closeProject },
    { id: 'theme:light', group: 'Appearance', title: 'Light', run: () => targets.choose('light') },
    { id: 'theme:dark', group: 'Appearance', title: 'Dark', run: () => targets.choose('dark') },
    { id: 'theme:system', group: 'Appearance', title: 'As the system', run: () => targets.choose('system') },
  ];
}

/** Commands that hold every word that was typed, those whose title begins with it first. */
export function findCommands(commands: readonly Command[], wanted: string): Command[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...commands];
  const holds = (command: Command) => {
    const text = `${command.title} ${command.group}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const begins = (command: Command) => Number(!command.title.toLowerCase().startsWith(words[0] ?? ''));
  const found = commands.filter(holds).sort((a, b) => begins(a) - begins(b));
  // Groups stay together, so that the order of the arrow keys is the order on the screen.
  const groups = [...new Set(found.map((command) => command.group))];
  return groups.flatMap((group) => found.filter((command) => command.group === group));
}
