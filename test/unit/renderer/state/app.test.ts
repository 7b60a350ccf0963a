import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dropped } from '../../../../src/contract/messages/shell.ts';
import { FAILURE, settled, stubRunes } from '../runes.ts';

type Listener = (value: never) => void;

/** The shell, and what it was asked. */
function shellOf() {
  const asked: string[] = [];
  const listeners: Record<string, Listener> = {};
  const listen = (name: string) => (listener: Listener) => void (listeners[name] = listener);
  const state = {
    recents: [{ directory: '/home/docs/chest-x-rays.pretext', name: 'Chest', openedAt: '', exists: true }],
    given: [] as string[],
    found: {} as Record<string, Dropped>,
    chosen: null as string | null,
    trashed: null as typeof FAILURE | null,
  };
  const say = <Answer>(what: string, answer: Answer) => (asked.push(what), Promise.resolve(answer));
  return {
    asked,
    state,
    tell: (name: string, value?: unknown) => listeners[name]!(value as never),
    pretext: {
      info: () => say('info', { documentsDirectory: '/home/docs' }),
      theme: () => Promise.resolve('system'),
      recentProjects: () => say('recents', state.recents),
      pathsToOpen: () => Promise.resolve(state.given.splice(0)),
      examine: ({ path }: { path: string }) => say(`examine ${path}`, state.found[path]!),
      closeProject: () => say('close', undefined),
      chooseFolder: () => Promise.resolve(state.chosen),
      chooseFiles: () => Promise.resolve(state.chosen === null ? [] : [state.chosen]),
      forgetProject: ({ directory }: { directory: string }) => say(`forget ${directory}`, undefined),
      trashProject: ({ directory }: { directory: string }) => say(`trash ${directory}`, state.trashed),
      renameProject: ({ name }: { name: string }) => say(`rename ${name}`, undefined),
      onServiceEnd: listen('end'),
      onOpen: listen('open'),
      onMenu: listen('menu'),
    },
  };
}

/** Opening answers so; what was opened, and how. */
const opening = vi.hoisted(() => ({
  answer: null as unknown,
  opened: [] as string[],
  sample: null as Error | null,
  started: [] as string[],
  running: 0,
}));

let shell = shellOf();
beforeEach(() => {
  vi.resetModules();
  stubRunes();
  Object.assign(opening, { answer: null, opened: [], sample: null, started: [], running: 0 });
  shell = shellOf();
  vi.stubGlobal('window', { pretext: shell.pretext, addEventListener: () => undefined });
  vi.stubGlobal('document', { documentElement: { dataset: {} } });
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
  vi.doMock('../../../../renderer/api/shell.ts', () => {
    const open = (words: string, directory: string) => {
      opening.opened.push(words);
      if (opening.answer instanceof Error) return Promise.reject(opening.answer);
      return Promise.resolve(
        opening.answer ?? {
          opened: true,
          project: { directory, name: 'A', session: 1 },
          client: {},
          repair: null,
        },
      );
    };
    return {
      shell: shell.pretext,
      createProject: (directory: string, name: string) => open(`create ${directory} ${name}`, directory),
      openProject: (directory: string, repair = false) =>
        open(`${repair ? 'repair' : 'open'} ${directory}`, directory),
    };
  });
  vi.doMock('../../../../renderer/state/project.svelte.ts', () => ({
    ProjectSession: class {
      info = { name: 'A', readOnlyQueue: false };
      drafts = { kept: opening.opened.length };
      closed = false;
      runs = {
        running: Array.from({ length: opening.running }),
        active: Array.from({ length: opening.running }),
      };
      datasets = { imports: [] };
      studies = {
        startSample: (id: string) => (
          opening.started.push(id),
          opening.sample ? Promise.reject(opening.sample) : Promise.resolve()
        ),
      };
      follow = () => Promise.resolve();
      keepDrafts(drafts: { kept: number }) {
        this.drafts = drafts;
      }
      rename = () => Promise.resolve();
      close() {
        this.closed = true;
      }
    },
  }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.doUnmock('../../../../renderer/api/shell.ts');
  vi.doUnmock('../../../../renderer/state/project.svelte.ts');
});

async function started() {
  const { app } = await import('../../../../renderer/state/app.svelte.ts');
  await settled();
  return app;
}
const notes = (app: Awaited<ReturnType<typeof started>>) => app.toasts.items.map(({ message }) => message);

describe('opening', () => {
  it('shows recent projects, then the one that was opened', async () => {
    const app = await started();
    expect([app.recentsLoaded, app.recents.length, app.session]).toEqual([true, 1, null]);
    expect(await app.open('/p', 'P')).toBe(true);
    expect([app.session !== null, app.opening, app.failure]).toEqual([true, '', null]);
    expect(app.navigation.current).toEqual({ screen: 'overview' });
  });

  it('says why it could not be, and repairs what can be', async () => {
    const app = await started();
    opening.answer = { opened: false, failure: FAILURE };
    expect(await app.open('/p', 'P')).toBe(false);
    expect([app.session, app.failure]).toEqual([null, FAILURE]);
    opening.answer = {
      opened: true,
      project: { directory: '/p', name: 'P', session: 2 },
      client: {},
      repair: {
        tables: [{ name: 'runs', saved: 3, lost: 0 }],
        lostDatasets: [],
        adoptedModels: [],
        emptiedNotes: [],
        kept: '/p/project.db.damaged',
      },
    };
    await app.repair();
    expect(opening.opened).toEqual(['open /p', 'repair /p']);
    expect(app.session).not.toBeNull();
    expect(notes(app)[0]).toContain('3 entries were saved');
    opening.answer = new Error('the pipe broke');
    expect(await app.create('/q', 'Q')).toBe(false);
    expect(app.failure).toMatchObject({ code: 'internal', message: 'the pipe broke' });
  });

  it('asks for a folder', async () => {
    const app = await started();
    await app.chooseAndOpen();
    expect(opening.opened).toEqual([]);
    shell.state.chosen = '/p';
    await app.chooseAndOpen();
    expect(opening.opened).toEqual(['open /p']);
  });

  it('makes a project for a sample beside those that are there, and starts it', async () => {
    const app = await started();
    await app.startSample('x-rays', 'Chest X-rays');
    // The name is taken.
    expect(opening.opened).toEqual(['create /home/docs/chest-x-rays-2.pretext Chest X-rays']);
    expect(opening.started).toEqual(['x-rays']);
    opening.sample = Object.assign(new Error('x'), { failure: FAILURE });
    await app.startSample('x-rays', 'Other');
    expect(notes(app)).toEqual([FAILURE.message]);
  });
});

describe('closing', () => {
  it('lets go of the project, and says what of its work stops', async () => {
    const app = await started();
    opening.running = 2;
    await app.open('/p', 'P');
    const session = app.session as unknown as { closed: boolean };
    await app.close();
    expect([session.closed, app.session, shell.asked.includes('close')]).toEqual([true, null, true]);
    expect(notes(app)[0]).toContain('A was closed with 2 runs that train.');
    opening.running = 0;
    await app.open('/p', 'P');
    await app.close();
    expect(notes(app)).toHaveLength(1);
  });

  it('forgets, trashes and renames by the shell', async () => {
    const app = await started();
    await app.rename('nothing is open');
    await app.open('/p', 'P');
    await app.rename('Q');
    await app.forget('/old');
    await app.trash('/old');
    shell.state.trashed = FAILURE;
    await app.trash('/busy');
    expect(shell.asked.filter((one) => / /.test(one))).toEqual([
      'rename Q',
      'forget /old',
      'trash /old',
      'trash /busy',
    ]);
    expect(notes(app)).toEqual(['Moved to the trash. It can be put back from there.', FAILURE.message]);
  });
});

describe('what is dropped on the window', () => {
  const recipe: Dropped = { kind: 'recipe', path: '/r.yaml', folder: '/', text: 'name: r' };
  const data: Dropped = { kind: 'data', path: '/data' };
  beforeEach(() => {
    shell.state.found = {
      '/r.yaml': recipe,
      '/data': data,
      '/p': { kind: 'project', path: '/p', name: 'P' },
      '/bad': { kind: 'unreadable', failure: FAILURE },
    };
  });

  it('is opened, shown or looked into, by what it is', async () => {
    const app = await started();
    await app.take('/p');
    expect(opening.opened).toEqual(['open /p']);
    await app.take('/p');
    expect(opening.opened).toEqual(['open /p']);
    await app.take('/r.yaml');
    expect([app.navigation.current, app.recipe]).toEqual([{ screen: 'recipe' }, recipe]);
    await app.take('/data');
    expect(app.navigation.current).toEqual({ screen: 'import', path: '/data' });
    await app.take('/bad');
    expect(notes(app)).toEqual([FAILURE.message]);
  });

  it('waits for a project where none is open', async () => {
    const app = await started();
    await app.take('/data');
    expect([app.newProjectOpen, notes(app)]).toEqual([
      true,
      ['Open a project, or make one: data goes into it.'],
    ]);
    await app.create('/p', 'P');
    expect(app.navigation.current).toEqual({ screen: 'import', path: '/data' });
  });

  it('may be what the program was started with, or told since', async () => {
    shell.state.given = ['/p'];
    await started();
    expect(opening.opened).toEqual(['open /p']);
    shell.state.given = ['/bad'];
    shell.tell('open');
    await settled();
    expect(shell.asked).toContain('examine /bad');
  });
});

describe('the menu', () => {
  it('is followed', async () => {
    const app = await started();
    await app.open('/p', 'P');
    shell.tell('menu', 'command-palette');
    expect(app.paletteOpen).toBe(true);
    shell.state.chosen = '/q';
    shell.tell('menu', 'open-project');
    await settled();
    expect(opening.opened.at(-1)).toBe('open /q');
    shell.tell('menu', 'new-project');
    await settled();
    expect([app.session, app.newProjectOpen]).toEqual([null, true]);
  });

  it('leads to a recipe', async () => {
    const app = await started();
    await app.open('/p', 'P');
    shell.state.found = { '/r.yaml': { kind: 'recipe', path: '/r.yaml', folder: '/', text: '' } };
    shell.state.chosen = '/r.yaml';
    shell.tell('menu', 'run-recipe');
    await settled();
    expect(app.navigation.current).toEqual({ screen: 'recipe' });
  });
});

describe('a service that ended', () => {
  const end = (failure = FAILURE) => ({ directory: '/p', failure, session: 1 });
  it('is started again, and what was typed stays', async () => {
    const app = await started();
    await app.open('/p', 'P');
    const { drafts } = app.session!;
    shell.tell('end', end());
    await settled();
    expect(opening.opened).toEqual(['open /p', 'open /p']);
    expect([app.session!.drafts, app.lost]).toEqual([drafts, null]);
    expect(notes(app)).toEqual(['The project was reopened. Runs continue from their last checkpoint.']);
  });

  it('is given up after some times, until the person asks again', async () => {
    const app = await started();
    await app.open('/p', 'P');
    for (let turn = 0; turn < 5; turn++) {
      shell.tell('end', end());
      await settled();
    }
    expect(opening.opened).toHaveLength(4);
    expect(app.lost).toEqual(FAILURE);
    await app.reopen();
    expect([opening.opened.length, app.lost]).toEqual([5, null]);
  });

  it('is not started where the project is gone, or cannot be opened', async () => {
    const app = await started();
    await app.open('/p', 'P');
    const moved = { ...FAILURE, code: 'project.moved' };
    shell.tell('end', end(moved));
    await settled();
    expect([opening.opened.length, app.lost]).toEqual([1, moved]);
    opening.answer = { opened: false, failure: { ...FAILURE, message: 'still not' } };
    shell.tell('end', end());
    await settled();
    expect(app.lost).toMatchObject({ message: 'still not' });
    // Of another project nothing is to be done.
    shell.tell('end', { ...end(), directory: '/other' });
    await settled();
    expect(opening.opened).toHaveLength(2);
  });
});
