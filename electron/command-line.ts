/**
 * `pretext-studio --cli …`: the command line of the packaged program.
 *
 * The window's program hands its arguments to the command line as a process of its own, whose output and exit
 * status become those of this one. No window is opened.
 */
import { app } from 'electron';
import { spawn } from 'node:child_process';
import { startCommandLine, type MainHostOptions } from './host.ts';
import type { Places } from './places.ts';

export const COMMAND_LINE_FLAG = '--cli';

/** The arguments after `--cli`, or null when a window is wanted. */
export function commandLineArguments(argv: string[]): string[] | null {
  const flag = argv.indexOf(COMMAND_LINE_FLAG);
  return flag === -1 ? null : argv.slice(flag + 1);
}

export function runCommandLine(
  args: string[],
  options: MainHostOptions,
  places: Places,
  environment: Record<string, string>,
): void {
  const env = { ...process.env, ...environment } as Record<string, string>;
  if (options.kind === 'node') runAsNode(places, args, env);
  else
    void startCommandLine(options, places.entry('cli'), args, env).then((exit) => app.exit(exit.code ?? 1));
}

function runAsNode(places: Places, args: string[], env: Record<string, string>): void {
  const child = spawn(places.node, [places.entry('cli'), ...args], { env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(error.message);
    app.exit(1);
  });
  child.once('exit', (code) => app.exit(code ?? 1));
}
