import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProjectSession } from '../../../../renderer/state/project.svelte.ts';
import { clientOf, FAILURE, refusal, settled, stubRunes } from '../runes.ts';

beforeEach(() => stubRunes());
afterEach(() => vi.unstubAllGlobals());

const INFO = {
  name: 'A',
  folder: '/a',
  createdAt: '',
  readOnlyQueue: false,
  heldBy: null,
  readOnly: false,
  cautions: [],
};
const run = (id: string, more: object) => ({
  id,
  name: id,
  studyId: 's',
  kind: 'finetune',
  status: 'done',
  createdAt: '',
  startedAt: '2026',
  progress: null,
  ...more,
});
const study = (id: string, more: object = {}) => ({
  id,
  name: id,
  createdAt: '',
  status: 'running',
  runIds: ['r'],
  recipe: {},
  ...more,
});

/** A service whose events the test sends. */
function session({ runs = [] as object[], studies = [] as object[], datasets = [] as object[] } = {}) {
  const asked: string[] = [];
  const queue: object[] = [];
  let wake: () => void = () => undefined;
  let end: Error | 'ended' | null = null;
  async function* events() {
    for (;;) {
      for (const event of queue.splice(0)) yield event;
      if (end === 'ended') return;
      if (end) throw end;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  const list = (name: string, answer: unknown) => (question?: Record<string, string>) => {
    asked.push([name, ...Object.values(question ?? {})].join(' '));
    return Promise.resolve(answer);
  };
  const client = clientOf({
    events: () => Promise.resolve(events()),
    catalogue: list('catalogue', { tasks: [], encoders: [], readers: [], recipe: {} }),
    project: {
      get: list('project', INFO),
      rename: ({ name }: { name: string }) => Promise.resolve({ ...INFO, name }),
    },
    machine: { get: list('machine', { settings: {} }) },
    dataset: { list: list('datasets', datasets), imports: list('imports', []) },
    study: {
      list: list('studies', studies),
      samples: list('samples', []),
      result: list('result', { arms: [] }),
    },
    run: { list: list('runs', runs), metrics: list('metrics', []) },
    checkpoint: { list: list('checkpoints', []) },
    model: { list: list('models', []) },
  });
  const ends: unknown[] = [];
  const project = new ProjectSession(client);
  const following = project.follow((failure) => ends.push(failure));
  return {
    project,
    asked,
    ends,
    following,
    async tell(...events: object[]) {
      queue.push(...events);
      wake();
      await settled();
    },
    async stop(why: Error | 'ended') {
      end = why;
      wake();
      await following;
    },
  };
}
const hello = { type: 'hello' };

describe('a project that is opened', () => {
  it('is loaded once the service says hello, and not before, so that nothing falls between', async () => {
    const { project, asked, tell } = session();
    await settled();
    expect([asked, project.ready]).toEqual([[], false]);
    await tell(hello);
    expect(project.ready).toBe(true);
    expect(project.info).toEqual(INFO);
    expect(project.empty).toBe(true);
    expect(new Set(asked)).toEqual(
      new Set([
        'project',
        'catalogue',
        'machine',
        'datasets',
        'imports',
        'studies',
        'samples',
        'runs',
        'models',
        'checkpoints',
      ]),
    );
    expect(project.stages.length).toBeGreaterThan(0);
    expect(project.lineage(800)).toBeDefined();
  });

  it('loads results of studies with finished fine-tuning and of tournaments, and curves of pretraining', async () => {
    const { asked, tell } = session({
      runs: [
        run('f', { studyId: 'a' }),
        run('g', { studyId: 'a' }),
        run('h', { studyId: 'b', status: 'running' }),
        run('p', { kind: 'pretext', studyId: 'b' }),
        run('q', { kind: 'pretext', studyId: 'b', startedAt: null }),
      ],
      studies: [
        study('a'),
        study('b'),
        study('t', { recipe: { tournament: {} } }),
        study('u', { recipe: { tournament: {} }, status: 'importing' }),
      ],
    });
    await tell(hello);
    expect(asked.filter((one) => one.startsWith('result')).sort()).toEqual(['result a', 'result t']);
    expect(asked.filter((one) => one.startsWith('metrics'))).toEqual(['metrics p']);
  });
});

describe('events', () => {
  it('of the project and of trouble are kept', async () => {
    const { project, tell } = session();
    await tell(
      hello,
      { type: 'project', project: { ...INFO, name: 'B' } },
      { type: 'trouble', failure: FAILURE },
    );
    expect([project.info.name, project.trouble]).toEqual(['B', FAILURE]);
    await project.rename('C');
    expect(project.info.name).toBe('C');
  });

  it('of what has ended have its results loaded', async () => {
    const { project, asked, tell } = session({ studies: [study('t', { recipe: { tournament: {} } })] });
    await tell(hello);
    asked.length = 0;
    await tell({ type: 'run', run: run('f', { studyId: 's' }) });
    expect(asked).toEqual(['result s', 'models']);
    asked.length = 0;
    await tell({ type: 'run', run: run('p', { kind: 'pretext', studyId: 's' }) });
    expect(asked).toEqual(['checkpoints', 'metrics p']);
    asked.length = 0;
    await tell({ type: 'study', study: study('s', { status: 'done', recipe: { finetune: {} } }) });
    expect(asked).toEqual(['result s']);
    asked.length = 0;
    // Standings of a tournament change with each run.
    await tell({ type: 'run', run: run('p', { kind: 'pretext', studyId: 't' }) });
    expect(asked).toContain('result t');
    asked.length = 0;
    await tell(
      { type: 'run', run: run('f', { status: 'running' }) },
      { type: 'study', study: study('x', { status: 'done' }) },
    );
    expect(asked).toEqual([]);
    expect(project.runs.all).toHaveLength(2);
    expect(project.empty).toBe(false);
  });
});

describe('the end', () => {
  it('of a service is told, with what it failed at', async () => {
    const one = session();
    await one.stop('ended');
    expect(one.ends).toEqual([null]);
    const other = session();
    await other.stop(refusal());
    expect([other.ends, other.project.failure]).toEqual([[FAILURE], FAILURE]);
  });

  it('is told to nobody once the project was closed, nor is anything taken', async () => {
    const { project, ends, tell, stop } = session();
    await tell(hello);
    project.close();
    await tell({ type: 'project', project: { ...INFO, name: 'late' } });
    expect(project.info.name).toBe('A');
    await stop('ended');
    expect(ends).toEqual([]);
  });
});

it('keeps what was typed when the service was started anew', () => {
  const [before, after] = [session().project, session().project];
  before.drafts.pretext.name = 'half typed';
  after.keepDrafts(before.drafts);
  expect(after.drafts.pretext.name).toBe('half typed');
});
