import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SERVICE_PORT } from '../../../../src/contract/messages/service-port.ts';
import { FAILURE } from '../runes.ts';

const project = { directory: '/data/a.pretext', name: 'A', session: 7 };
let heard: (event: unknown) => void = () => undefined;
let asked: [string, unknown][] = [];
let answer: unknown = { opened: true, project };
const page = {
  addEventListener: (name: string, listener: typeof heard) => {
    expect(name).toBe('message');
    heard = listener;
  },
  pretext: {
    createProject: (question: unknown) => Promise.resolve((asked.push(['create', question]), answer)),
    openProject: (question: unknown) => Promise.resolve((asked.push(['open', question]), answer)),
  },
};

beforeEach(() => {
  asked = [];
  answer = { opened: true, project };
  vi.resetModules();
  vi.stubGlobal('window', page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The port as the shell hands it over. */
function arrive(session: unknown, more: object = {}): MessagePort {
  const { port1 } = new MessageChannel();
  heard({ source: page, data: { type: SERVICE_PORT, session }, ports: [port1], ...more });
  return port1;
}
const shellApi = () => import('../../../../renderer/api/shell.ts');

it('connects to the port that came before the answer, or a moment after it', async () => {
  const { createProject, openProject } = await shellApi();
  const before = arrive(7);
  const created = await createProject('/data/a.pretext', 'A');
  expect(created).toMatchObject({ opened: true, project, repair: null });
  const opening = openProject('/data/a.pretext', true);
  let after: MessagePort | null = null;
  setTimeout(() => (after = arrive(7)), 15);
  expect(await opening).toMatchObject({ opened: true, project });
  expect(asked).toEqual([
    ['create', { directory: '/data/a.pretext', name: 'A' }],
    ['open', { directory: '/data/a.pretext', repair: true }],
  ]);
  before.close();
  (after as MessagePort | null)?.close();
});

it('passes on what a repair saved, and why a project was not opened', async () => {
  const { openProject } = await shellApi();
  const repair = { tables: [], lostDatasets: [], adoptedModels: [], emptiedNotes: [], kept: 'old.db' };
  answer = { opened: true, project, repair };
  const port = arrive(7);
  expect(await openProject('/data/a.pretext')).toMatchObject({ opened: true, repair });
  port.close();
  answer = { opened: false, failure: FAILURE };
  expect(await openProject('/data/a.pretext')).toEqual({ opened: false, failure: FAILURE });
});

it('takes no port from elsewhere, nor of another session, and says after a while that none came', async () => {
  const { openProject } = await shellApi();
  vi.useFakeTimers();
  const ports = [
    arrive(7, { source: {} }),
    arrive(8),
    arrive(7, { data: { type: 'other', session: 7 } }),
    arrive(7, { data: null }),
  ];
  arrive(7, { ports: [] });
  const opening = openProject('/data/a.pretext');
  await vi.advanceTimersByTimeAsync(5100);
  expect(await opening).toEqual({
    opened: false,
    failure: {
      code: 'service.no-connection',
      message: 'The project was opened, but no connection to it came.',
      place: '/data/a.pretext',
      remedy: 'Open it again. If it happens again, restart the program.',
    },
  });
  for (const port of ports) port.close();
});
