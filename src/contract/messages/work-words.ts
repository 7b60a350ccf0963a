/** What goes on in a project, and what becomes of it when the project is closed: the same words wherever it is closed. */
import type { Work } from './shell.ts';

const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** "1 run that trains, 3 runs that wait and 1 import"; empty when nothing goes on. */
export function workWords({ running, waiting, imports }: Work): string {
  const parts = [
    ...(running > 0 ? [`${counted(running, 'run')} that ${running === 1 ? 'trains' : 'train'}`] : []),
    ...(waiting > 0 ? [`${counted(waiting, 'run')} that ${waiting === 1 ? 'waits' : 'wait'}`] : []),
    ...(imports > 0 ? [counted(imports, 'import')] : []),
  ];
  return [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter(Boolean).join(' and ');
}

/** What becomes of that work. */
export function laterWords({ running, imports }: Work): string {
  const from = running > 0 ? ' Training goes on from its last checkpoint.' : '';
  const again = imports > 0 ? ' An import begins anew.' : '';
  return `Nothing is lost: it goes on when the project is opened again.${from}${again}`;
}
