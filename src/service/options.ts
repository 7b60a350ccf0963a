/** The arguments of a service process. */
import { parseArgs } from 'node:util';
import programPackage from '../../package.json' with { type: 'json' };
import type { ServiceOptions } from './serve.ts';

export const PROGRAM_VERSION = programPackage.version;

/** A service is started by the program, never by hand: wrong arguments are a bug. */
export function serviceOptions(argv: string[]): ServiceOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      project: { type: 'string' },
      create: { type: 'string' },
      queue: { type: 'string', default: 'on' },
    },
  });
  if (!values.project) throw new Error('a service needs --project');
  return {
    folder: values.project,
    createName: values.create ?? null,
    queue: values.queue === 'off' ? 'off' : 'on',
    programVersion: PROGRAM_VERSION,
  };
}
