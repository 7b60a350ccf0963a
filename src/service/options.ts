/** The arguments of a service process. */
import { parseArgs } from 'node:util';
import { PROGRAM_VERSION } from '../host/version.ts';

export interface ServiceOptions {
  folder: string;
  /** Makes the project first, with this name; empty: the folder's. */
  createName: string | null;
  /** Repairs its database first. */
  repair: boolean;
  /** `off`: never runs the queue, for a look or a single change. */
  queue: 'on' | 'off';
  programVersion: string;
}

/** A service is started by the program, never by hand: wrong arguments are a bug. */
export function serviceOptions(argv: string[]): ServiceOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      project: { type: 'string' },
      create: { type: 'string' },
      repair: { type: 'boolean', default: false },
      queue: { type: 'string', default: 'on' },
    },
  });
  if (!values.project) throw new Error('a service needs --project');
  return {
    folder: values.project,
    createName: values.create ?? null,
    repair: values.repair,
    queue: values.queue === 'off' ? 'off' : 'on',
    programVersion: PROGRAM_VERSION,
  };
}
