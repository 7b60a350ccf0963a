/** What subscribers hear: every change of the project, the progress of a run at most five times a second. */
import { EventPublisher } from '@orpc/server';
import type { Run } from '../../contract/entities.ts';
import type { ProjectEvent } from '../../contract/messages/project-events.ts';
import type { QuestionProgress } from '../../contract/messages/trainer.ts';

const PROGRESS_EVERY_MS = 200;
const MOST_BUFFERED = 5_000;

export interface Events {
  publish(event: ProjectEvent): void;
  /** How far it is, what somebody asked for under this id; nobody hears of it without one. */
  tellAsker(id: string | undefined): (progress: QuestionProgress) => void;
  /** A run whose progress alone changed: told now or a little later, the latest state only. */
  publishProgress(run: Run): void;
  /** Ends when `signal` is aborted. The first event is `hello`. */
  subscribe(signal: AbortSignal | undefined): AsyncGenerator<ProjectEvent>;
  /** Stops the timers. */
  close(): void;
}

export function createEvents(now: () => number = () => performance.now()): Events {
  const publisher = new EventPublisher<{ event: ProjectEvent }>({ maxBufferedEvents: MOST_BUFFERED });
  const throttled = new Map<string, { lastAt: number; waiting: Run | null; timer: NodeJS.Timeout | null }>();

  const publish = (event: ProjectEvent) => {
    if (event.type === 'run') forget(event.run.id);
    publisher.publish('event', event);
  };
  const forget = (runId: string) => {
    const entry = throttled.get(runId);
    if (entry?.timer) clearTimeout(entry.timer);
    throttled.delete(runId);
  };
  const tell = (run: Run) => {
    throttled.set(run.id, { lastAt: now(), waiting: null, timer: null });
    publisher.publish('event', { type: 'run', run });
  };

  return {
    publish,
    tellAsker: (id) => (progress) => {
      if (id !== undefined) publish({ type: 'asked-progress', id, progress });
    },
    publishProgress(run) {
      const entry = throttled.get(run.id);
      const wait = entry ? entry.lastAt + PROGRESS_EVERY_MS - now() : 0;
      if (!entry || wait <= 0) {
        forget(run.id);
        tell(run);
        return;
      }
      entry.waiting = run;
      entry.timer ??= setTimeout(() => entry.waiting && tell(entry.waiting), wait);
    },
    async *subscribe(signal) {
      // Subscribed before `hello` is said: nothing that happens after it is missed.
      const changes = publisher.subscribe('event', signal ? { signal } : {});
      yield { type: 'hello' };
      yield* changes;
    },
    close() {
      for (const { timer } of throttled.values()) if (timer) clearTimeout(timer);
      throttled.clear();
    },
  };
}
