/** One command's time with a project's service. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join, resolve } from 'node:path';
import { PretextError } from '../../contract/errors.ts';
import { connectService, fromCall, type Client, type ServiceClient } from '../../client/service.ts';
import { NotDone, UsageError, type Environment } from '../environment.ts';

export interface ProjectOption {
  project?: string;
}

/** The folder given, or the present one if it is a project. */
export function projectFolder(environment: Environment, { project }: ProjectOption): string {
  if (project !== undefined) return resolve(environment.folder, project);
  if (isProject(environment.folder)) return environment.folder;
  throw new UsageError('Which project? Give its folder with --project DIR, or run this inside one.');
}

export function isProject(folder: string): boolean {
  return existsSync(join(folder, 'project.db'));
}

export interface SessionRequest {
  folder: string;
  /** `on`: this command may run the queue. */
  queue?: 'on' | 'off';
  createName?: string;
  repair?: boolean;
}

const ASKED_TO_END =
  'Paused: the program was asked to end, and what was running has written its checkpoint. Run the same command again to go on.';
const ENDING_MS = 1_000;

const isExpected = (thrown: unknown) =>
  thrown instanceof NotDone || thrown instanceof UsageError || isTold(fromCall(thrown));
const isTold = (error: unknown) => error instanceof PretextError && error.failure.code !== 'internal';

/** Starts the service, does the work, ends the service; failures come out as PretextErrors. */
export async function withService<T>(
  environment: Environment,
  { queue = 'off', ...request }: SessionRequest,
  work: (client: Client, service: ServiceClient) => Promise<T>,
): Promise<T> {
  const service = await connectService(environment.host, { ...request, queue });
  const died = service.exited.then(({ code, signal }) => {
    const lost = service.lost();
    if (lost) throw new PretextError(lost);
    if (code === 0) throw new NotDone(ASKED_TO_END);
    throw new PretextError({
      code: 'service.died',
      message: `The project's service ended unexpectedly (${signal ?? `exit status ${code}`}).`,
      place: service.folder,
      remedy: 'Run the same command again: it goes on from the last checkpoint.',
    });
  });
  try {
    return await Promise.race([work(service.client, service), died]);
  } catch (thrown) {
    // Calls that a service could not answer any more, as it was ending: how it ended says more.
    if (!isExpected(thrown)) await Promise.race([died, sleep(ENDING_MS)]);
    throw fromCall(thrown);
  } finally {
    died.catch(() => undefined);
    await service.close();
  }
}
