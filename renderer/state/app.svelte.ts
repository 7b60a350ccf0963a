/** The program as a whole: recent projects, the open one, and what floats above every screen. */
import type { Failure } from '../../src/contract/errors.ts';
import type { Dropped, RecentProject, ShellInfo } from '../../src/contract/messages/shell.ts';
import { laterWords, workWords } from '../../src/contract/messages/work-words.ts';
import { failureOf } from '../api/project.ts';
import { repairWords } from '../lib/repair-words.ts';
import { slugOf } from '../lib/words/format.ts';
import { createProject, openProject, shell, type Opening } from '../api/shell.ts';
import { Navigation } from './navigation.svelte.ts';
import { ProjectSession } from './project.svelte.ts';
import { Theme } from './theme.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { workOf } from './work/work.svelte.ts';

/** So often a service that ends is started again by itself, unless it ran well for a while. */
const RESTARTS = 3;
const RAN_WELL_MS = 60_000;

/** For notes that take a moment to read. */
const LONG_NOTE_SECONDS = 15;

type RecipeFile = Extract<Dropped, { kind: 'recipe' }>;

const baseName = (path: string) => path.split(/[\\/]/).findLast(Boolean) ?? path;

class App {
  readonly toasts = new Toasts();
  readonly theme = new Theme();
  #navigation = $state.raw(new Navigation());
  #session = $state.raw<ProjectSession | null>(null);
  #recents = $state.raw<RecentProject[]>([]);
  #recentsLoaded = $state(false);
  #info = $state.raw<ShellInfo | null>(null);
  /** What is being opened, in words; empty when nothing is. */
  #opening = $state('');
  #failure = $state.raw<Failure | null>(null);
  /** The service of the open project has ended and is not back yet. */
  #lost = $state.raw<Failure | null>(null);
  #restarts = 0;
  #lastRestartMs = 0;
  #directory = '';
  /** The folder that was opened last, whether it could be or not. */
  #tried = '';
  /** The recipe that is looked at before it is run. */
  #recipe = $state.raw<RecipeFile | null>(null);
  /** What was dropped while no project was open: it goes into the next one. */
  #waiting: Dropped | null = null;
  paletteOpen = $state(false);
  newProjectOpen = $state(false);

  constructor() {
    void shell.info().then((info) => (this.#info = info));
    void this.loadRecents();
    shell.onServiceEnd((end) => void this.#restart(end.directory, end.failure));
    shell.onOpen(() => void this.#takeGiven());
    void this.#takeGiven();
    shell.onMenu((command) => {
      if (command === 'command-palette') this.paletteOpen = true;
      if (command === 'new-project') void this.close().then(() => (this.newProjectOpen = true));
      if (command === 'open-project') void this.chooseAndOpen();
      if (command === 'close-project') void this.close();
      if (command === 'run-recipe') void this.chooseRecipe();
    });
  }

  get navigation(): Navigation {
    return this.#navigation;
  }
  get session(): ProjectSession | null {
    return this.#session;
  }
  get recents(): readonly RecentProject[] {
    return this.#recents;
  }
  get recentsLoaded(): boolean {
    return this.#recentsLoaded;
  }
  get info(): ShellInfo | null {
    return this.#info;
  }
  get opening(): string {
    return this.#opening;
  }
  get recipe(): RecipeFile | null {
    return this.#recipe;
  }
  get failure(): Failure | null {
    return this.#failure;
  }
  get lost(): Failure | null {
    return this.#lost;
  }

  async loadRecents(): Promise<void> {
    this.#recents = await shell.recentProjects();
    this.#recentsLoaded = true;
  }

  async create(directory: string, name: string): Promise<boolean> {
    return this.#open(`Creating ${name}`, () => createProject(directory, name));
  }

  async open(directory: string, name: string): Promise<boolean> {
    this.#tried = directory;
    return this.#open(`Opening ${name}`, () => openProject(directory));
  }

  /** What could not be opened as its database is damaged: repaired, then opened. */
  async repair(): Promise<void> {
    const directory = this.#tried;
    await this.#open('Repairing the project', async () => {
      const result = await openProject(directory, true);
      if (result.opened && result.repair)
        this.toasts.done(repairWords(result.repair), undefined, LONG_NOTE_SECONDS);
      return result;
    });
  }

  async chooseAndOpen(): Promise<void> {
    const directory = await shell.chooseFolder({ title: 'Open a project', buttonLabel: 'Open project' });
    if (directory) await this.open(directory, 'the project');
  }

  /** What the program was started with, one after the other. */
  async #takeGiven(): Promise<void> {
    for (const path of await shell.pathsToOpen()) await this.take(path);
  }

  /** A project is opened, a recipe shown before it runs, data looked into before they are imported. */
  async take(path: string): Promise<void> {
    const found = await shell.examine({ path });
    if (found.kind === 'unreadable') this.toasts.failed(found.failure);
    else if (found.kind === 'project' && this.#session && found.path === this.#directory) return;
    else if (found.kind === 'project') await this.open(found.path, found.name);
    else if (this.#session) this.#show(found);
    else {
      this.#waiting = found;
      this.toasts.done(`Open a project, or make one: ${baseName(path)} goes into it.`);
      this.newProjectOpen = true;
    }
  }

  async chooseRecipe(): Promise<void> {
    const filters = [{ name: 'Recipes', extensions: ['yaml', 'yml', 'pretext-recipe'] }];
    const [path] = await shell.chooseFiles({ title: 'Run a recipe', buttonLabel: 'Look at it', filters });
    if (path) await this.take(path);
  }

  #show(found: Dropped): void {
    if (found.kind === 'recipe') {
      this.#recipe = found;
      this.#navigation.go({ screen: 'recipe' });
    } else if (found.kind === 'data') this.#navigation.go({ screen: 'import', path: found.path });
  }

  /** Makes a project in the default folder and starts the sample at once. */
  async startSample(id: string, name: string): Promise<void> {
    const base = this.#info ?? (await shell.info());
    const directory = `${base.documentsDirectory}/${freeName(name, this.#recents)}.pretext`;
    if (!(await this.create(directory, name))) return;
    try {
      await this.#session?.studies.startSample(id);
    } catch (error) {
      this.toasts.failed(failureOf(error));
    }
  }

  async close(): Promise<void> {
    this.#sayWhatStops();
    this.#session?.close();
    this.#session = null;
    this.#lost = null;
    await shell.closeProject();
    await this.loadRecents();
  }

  /** Work of a project that is closed is not lost, and does not go on by itself: the person is told so. */
  #sayWhatStops(): void {
    const session = this.#session;
    const work = workOf(session);
    const words = workWords(work);
    if (!session || words === '') return;
    const directory = this.#directory;
    const name = session.info.name;
    this.toasts.done(
      `${name} was closed with ${words}. ${laterWords(work)}`,
      {
        title: 'Open it again',
        run: () => void this.open(directory, name),
      },
      LONG_NOTE_SECONDS,
    );
  }

  async forget(directory: string): Promise<void> {
    await shell.forgetProject({ directory });
    await this.loadRecents();
  }

  async trash(directory: string): Promise<void> {
    const failure = await shell.trashProject({ directory });
    if (failure) this.toasts.failed(failure);
    else this.toasts.done('Moved to the trash. It can be put back from there.');
    await this.loadRecents();
  }

  async rename(name: string): Promise<void> {
    const session = this.#session;
    if (!session) return;
    await session.rename(name);
    await shell.renameProject({ directory: this.#directory, name });
  }

  async reopen(): Promise<void> {
    this.#restarts = 0;
    await this.#restart(this.#directory, null);
  }

  async #open(words: string, open: () => Promise<Opening>): Promise<boolean> {
    this.#opening = words;
    this.#failure = null;
    const result = await withoutThrowing(open);
    this.#opening = '';
    if (!result.opened) {
      this.#failure = result.failure;
      return false;
    }
    this.#restarts = 0;
    this.#sayWhatStops();
    this.#session?.close();
    this.#directory = result.project.directory;
    this.#navigation = new Navigation();
    this.#recipe = null;
    this.#attach(new ProjectSession(result.client));
    if (this.#waiting) this.#show(this.#waiting);
    this.#waiting = null;
    return true;
  }

  #attach(session: ProjectSession): void {
    this.#session = session;
    this.#lost = null;
    void session.follow((failure) => {
      if (this.#session === session && failure && failure.code !== 'internal') this.toasts.failed(failure);
    });
  }

  /** A service that died is started again; the screen stays where it was. */
  async #restart(directory: string, failure: Failure | null): Promise<void> {
    const session = this.#session;
    if (!session || this.#directory !== directory) return;
    this.#lost = failure ?? this.#lost;
    // It is not where it was: there is nothing to start again.
    if (failure?.code === 'project.moved') return;
    if (Date.now() - this.#lastRestartMs > RAN_WELL_MS) this.#restarts = 0;
    if (this.#restarts >= RESTARTS) return;
    this.#lastRestartMs = Date.now();
    this.#restarts += 1;
    session.close();
    const result = await openProject(directory);
    if (!result.opened) {
      this.#lost = result.failure;
      return;
    }
    const next = new ProjectSession(result.client);
    next.keepDrafts(session.drafts);
    this.#attach(next);
    this.toasts.done('The project was reopened. Runs continue from their last checkpoint.');
  }
}

async function withoutThrowing(open: () => Promise<Opening>): Promise<Opening> {
  try {
    return await open();
  } catch (error) {
    return { opened: false, failure: failureOf(error) };
  }
}

/** "Chest X-rays", then "Chest X-rays 2": no folder of another project is touched. */
function freeName(name: string, recents: readonly RecentProject[]): string {
  const base = slugOf(name);
  const taken = new Set(recents.map((recent) => recent.directory.split(/[\\/]/).at(-1)));
  let candidate = base;
  for (let i = 2; taken.has(`${candidate}.pretext`); i++) candidate = `${base}-${i}`;
  return candidate;
}

export const app = new App();
