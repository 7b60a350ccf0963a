import { expect, it } from 'vitest';
import { PassThrough } from 'node:stream';
import type { Client } from '../../../../src/client/service.ts';
import { CLI_ID, teller, tellQuestions } from '../../../../src/cli/session/questions.ts';
import type { Environment } from '../../../../src/cli/environment.ts';

function listening(isTTY: boolean) {
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const environment = { stderr } as unknown as Environment;
  return { environment, said: () => (stderr.read() as Buffer | null)?.toString() ?? '' };
}

it('tells every tenth of each part of the work, from its beginning', () => {
  const { environment, said } = listening(false);
  const tell = teller(environment);
  for (const done of [0, 1]) tell({ phase: 'Measuring', done, total: 2 });
  for (const done of [0, 1, 50, 100]) tell({ phase: 'Writing jobs', done, total: 100 });
  const lines = said().trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/, .* left$/, ''))).toEqual([
    'Measuring: 0 of 2',
    'Measuring: 1 of 2',
    'Writing jobs: 0 of 100',
    'Writing jobs: 50 of 100',
    'Writing jobs: 100 of 100',
  ]);
});

it('leaves the last line of a part on a terminal, and begins a new one', () => {
  const { environment, said } = listening(true);
  const tell = teller(environment);
  tell({ phase: 'Measuring', done: 0, total: 2 });
  tell({ phase: 'Writing jobs', done: 0, total: 3 });
  expect(said()).toBe('\r\u001B[KMeasuring: 0 of 2\n\r\u001B[KWriting jobs: 0 of 3');
});

it('tells of what this command asked, not of what others ask beside it', async () => {
  const { environment, said } = listening(false);
  const event = (id: string, done: number) => ({
    type: 'asked-progress',
    id,
    progress: { phase: 'Writing jobs', done, total: 4 },
  });
  const events = [event('pack 1', 1), event(CLI_ID, 2)];
  const client = { events: () => Promise.resolve(events) } as unknown as Client;
  await tellQuestions(environment, client, new AbortController().signal);
  await new Promise((resolve) => setImmediate(resolve));
  expect(said()).toMatch(/^Writing jobs: 2 of 4.*\n$/);
});
