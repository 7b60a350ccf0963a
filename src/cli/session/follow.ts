/** Stays with something until it ends: shows its progress, and turns Ctrl-C into a clean pause. */
import type { Run } from '../../contract/entities.ts';
import { runIs } from '../../contract/status.ts';
import type { ProjectEvent } from '../../contract/messages/project-events.ts';
import type { Client } from '../../client/service.ts';
import { EXIT, say, type Environment } from '../environment.ts';
import { createProgressView } from './progress-view.ts';

/** Nothing more comes of the run by itself: one that waits for room on a full disk goes on. */
export const isOver = ({ status, failure }: Run) =>
  runIs('ended', { status }) || (status === 'paused' && failure?.code !== 'disk.full');

export interface Following<T> {
  /** Starts what is followed, once the events are listened to. */
  begin(): Promise<void>;
  /** The end, when it has come; asked after every event. */
  ended(event: ProjectEvent): T | null;
  /** The first Ctrl-C; the second ends the program at once. */
  interrupt(): Promise<void>;
  /** What is said at the first Ctrl-C. */
  interruptNote: string;
}

export async function follow<T>(
  environment: Environment,
  client: Client,
  following: Following<T>,
): Promise<T> {
  const view = createProgressView(environment);
  const abort = new AbortController();
  const interruption = Promise.withResolvers<never>();
  let interrupts = 0;
  const stopListening = environment.onInterrupt(() => {
    interrupts++;
    if (interrupts > 1) process.exit(EXIT.failed);
    view.end();
    say(environment, following.interruptNote);
    following.interrupt().catch(interruption.reject);
  });
  try {
    return await Promise.race([watch(client, following, view.show, abort.signal), interruption.promise]);
  } finally {
    stopListening();
    view.end();
    abort.abort();
  }
}

async function watch<T>(
  client: Client,
  following: Following<T>,
  show: (event: ProjectEvent) => void,
  signal: AbortSignal,
): Promise<T> {
  const events = await client.events(undefined, { signal });
  for await (const event of events) {
    if (event.type === 'hello') await following.begin();
    show(event);
    const ending = following.ended(event);
    if (ending !== null) return ending;
  }
  throw new Error('the events ended before what was followed');
}
