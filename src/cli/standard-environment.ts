/** The environment of a real process. */
import type { ProcessHost } from '../contract/messages/host.ts';
import type { Environment } from './environment.ts';

export function standardEnvironment(host: ProcessHost): Environment {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', goOnWithoutReader);
  return {
    host,
    stdout: process.stdout,
    stderr: process.stderr,
    folder: process.cwd(),
    onInterrupt(listener) {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener);
      return () => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, listener);
      };
    },
  };
}

/** Whoever read the output has gone (`| head`): what runs goes on, and its result is in the project. */
function goOnWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
