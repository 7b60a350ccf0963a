/** How the command line of this program is called, for other machines that have it at the same place. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { quoted } from '../../machine/shell.ts';

/**
 * Words for a shell. Null where the program has no command that lasts: an AppImage's files are gone when it ends, so
 * that it names the one that its Help menu writes, once that is there.
 *
 * @param cli the command line's file; as a source or as a bundle, beside this one
 */
export function ownCommand(
  environment: NodeJS.ProcessEnv = process.env,
  executable = process.execPath,
  cli = commandLineFile(),
): string | null {
  const { PRETEXT_COMMAND: command, PRETEXT_NODE: node = executable } = environment;
  if (command !== undefined) return command !== '' && existsSync(command) ? quoted(command) : null;
  const needed = ['PRETEXT_NODE', 'PRETEXT_RUNTIME'].flatMap((name) => {
    const value = environment[name];
    return value ? [`${name}=${quoted(value)}`] : [];
  });
  return [...(needed.length > 0 ? ['env', ...needed] : []), quoted(node), quoted(cli)].join(' ');
}

const commandLineFile = (): string =>
  fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? '../../cli/main.ts' : './cli.mjs', import.meta.url),
  );
