/** How far an answer of a trainer is, told on standard error. */
import type { QuestionProgress } from '../../contract/messages/trainer.ts';
import type { Environment } from '../environment.ts';
import { duration } from '../words/text.ts';
import type { Client } from '../../client/service.ts';

/** A line in place on a terminal, one for every tenth of the work elsewhere; each part of it has its own. */
export function teller({ stderr }: Environment): (progress: QuestionProgress) => void {
  let started = performance.now();
  let told = -1;
  let before: string | null = null;
  return ({ done, total, phase = 'Predicting' }) => {
    if (before !== null && before !== phase) {
      if (stderr.isTTY) stderr.write('\n');
      started = performance.now();
      told = -1;
    }
    before = phase;
    const share = total > 0 ? done / total : 1;
    const seconds = (performance.now() - started) / 1000;
    const left = done > 0 && share < 1 ? `, ${duration((seconds / done) * (total - done))} left` : '';
    const text = `${phase}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}${left}`;
    if (stderr.isTTY) {
      stderr.write(`\r\u001B[K${text}${share >= 1 ? '\n' : ''}`);
      return;
    }
    const tenth = Math.floor(share * 10);
    if (tenth > told) stderr.write(`${text}\n`);
    told = Math.max(told, tenth);
  };
}

/** Under which this command asks; a window beside it has names of its own. */
export const CLI_ID = 'cli';

/** Tells of what is asked of the service of a project, until the signal. */
export async function tellQuestions(
  environment: Environment,
  client: Client,
  signal: AbortSignal,
): Promise<void> {
  const events = await client.events(undefined, { signal });
  const tell = teller(environment);
  const listening = (async () => {
    for await (const event of events)
      if (event.type === 'asked-progress' && event.id === CLI_ID) tell(event.progress);
  })();
  // It ends with the signal, or with the service.
  listening.catch(() => undefined);
}
