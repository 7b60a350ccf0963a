/** Answers `window.pretext`: every question is checked on arrival, and only the program's own page may ask. */
import {
  app,
  dialog,
  ipcMain,
  nativeTheme,
  shell,
  type BrowserWindow,
  type IpcMainInvokeEvent,
} from 'electron';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Failure } from '../src/contract/errors.ts';
import {
  directorySchema,
  filesQuestionSchema,
  mannersSchema,
  folderQuestionSchema,
  namedDirectorySchema,
  openQuestionSchema,
  pathSchema,
  saveBytesSchema,
  savePdfSchema,
  saveQuestionSchema,
  saveTextSchema,
  themeSchema,
  workSchema,
  type OpenResult,
  type PretextShell,
  type ShellInfo,
} from '../src/contract/messages/shell.ts';
import { callChannel, type Call } from './channels.ts';
import { examine } from './examine.ts';
import type { GivenPaths } from './given-paths.ts';
import { printToPdf } from './pdf.ts';
import type { HostKind } from './host.ts';
import type { Projects } from './projects.ts';
import type { WorkWatch } from './work.ts';
import { changeSettings, forget, listRecent, noteRenamed, readSettings } from './settings.ts';

export interface ShellOptions {
  window(): BrowserWindow | null;
  projects: Projects;
  work: WorkWatch;
  hostKind: HostKind;
  samples: string;
  given: GivenPaths;
  /** The recent projects, or the manners, are others now. */
  changed(): void;
}

type Answers = {
  [Name in Call]: (question: unknown, window: BrowserWindow) => ReturnType<PretextShell[Name]>;
};

export function answerWindow(options: ShellOptions): void {
  const answers = {
    ...projectAnswers(options),
    ...dialogAnswers(),
    ...settingAnswers(options),
  } satisfies Answers;
  for (const [call, answer] of Object.entries(answers) as [Call, Answers[Call]][]) {
    ipcMain.handle(callChannel(call), (event, question: unknown) => {
      return answer(question, askingWindow(event, options));
    });
  }
}

/** A message from anything but the main frame of our window is a bug or an attack: it is refused aloud. */
function askingWindow(event: IpcMainInvokeEvent, options: ShellOptions): BrowserWindow {
  const window = options.window();
  if (window && event.senderFrame === window.webContents.mainFrame) return window;
  throw new Error('a question came from a page that is not the program’s own');
}

function projectAnswers({ projects, work, given, changed }: ShellOptions) {
  const opened = async (result: Promise<OpenResult>) => {
    const answer = await result;
    if (answer.opened) changed();
    return answer;
  };
  return {
    createProject: (question, window) => {
      const { directory, name } = namedDirectorySchema.parse(question);
      return opened(projects.open(window, directory, { create: name }));
    },
    openProject: (question, window) => {
      const { directory, repair } = openQuestionSchema.parse(question);
      return opened(projects.open(window, directory, { repair }));
    },
    closeProject: () => projects.close(),
    trashProject: async (question) => {
      const { directory } = directorySchema.parse(question);
      if (!isKnownProject(projects, directory)) return notOurs(directory);
      if (projects.isOpen(directory)) await projects.close();
      return trash(directory);
    },
    showInFolder: async (question) => {
      const path = z.string().parse(question);
      const isKnown = saved.has(path) || chosen.has(dirname(path)) || isKnownProject(projects, path);
      if (isKnown) shell.showItemInFolder(path);
      else throw new Error(`the window asked to show what is no project: ${path}`);
    },
    pathsToOpen: async () => given.take(),
    examine: async (question) => examine(pathSchema.parse(question).path),
    reportWork: async (question) => work.report(workSchema.parse(question)),
    recentProjects: async () => listRecent(),
    forgetProject: async (question) => {
      forget(directorySchema.parse(question).directory);
      changed();
    },
    renameProject: async (question) => {
      const { directory, name } = namedDirectorySchema.parse(question);
      noteRenamed(directory, name);
      changed();
    },
  } satisfies Partial<Answers>;
}

/** Files that were saved at the user's word since the program started. */
const saved = new Set<string>();
/** Folders that the user chose: what was written there at their word may be shown. */
const chosen = new Set<string>();

/** A folder that the user opened as a project, and that is one: nothing else is shown, or moved to the trash. */
function isKnownProject(projects: Projects, directory: string): boolean {
  const known = projects.isOpen(directory) || listRecent().some((recent) => recent.directory === directory);
  return known && existsSync(join(directory, 'project.db'));
}

function notOurs(directory: string): Failure {
  return {
    code: 'project.not-a-project',
    message: 'This folder is no project of the program, so it was not moved to the trash.',
    place: directory,
    remedy: 'Delete it yourself if it is not needed any more.',
  };
}

async function trash(directory: string): Promise<Failure | null> {
  try {
    await shell.trashItem(directory);
  } catch (error) {
    if (existsSync(directory)) {
      return {
        code: 'project.not-trashed',
        message: `The project could not be moved to the trash: ${(error as Error).message}`,
        place: directory,
        remedy: 'Close programs that use its files, or delete the folder yourself.',
      };
    }
  }
  forget(directory);
  return null;
}

function dialogAnswers() {
  return {
    chooseFolder: async (question, window) => {
      const result = await dialog.showOpenDialog(window, {
        ...folderQuestionSchema.parse(question),
        properties: ['openDirectory', 'createDirectory'],
      });
      const folder = result.filePaths[0] ?? null;
      if (folder !== null) chosen.add(folder);
      return folder;
    },
    chooseFiles: async (question, window) => {
      const { multiple, ...asked } = filesQuestionSchema.parse(question);
      const result = await dialog.showOpenDialog(window, {
        ...asked,
        properties: multiple ? ['openFile', 'multiSelections'] : ['openFile'],
      });
      return result.filePaths;
    },
    saveFile: async (question, window) => {
      const path = await askWhereToSave(saveQuestionSchema.parse(question), window);
      // What the service writes there may be shown.
      if (path !== null) saved.add(path);
      return path;
    },
    saveText: async (question, window) => {
      const { text, ...asked } = saveTextSchema.parse(question);
      const path = await askWhereToSave(asked, window);
      return path === null ? { saved: null, failure: null } : writeOut(path, text);
    },
    saveBytes: async (question, window) => {
      const { bytes, ...asked } = saveBytesSchema.parse(question);
      const path = await askWhereToSave(asked, window);
      return path === null ? { saved: null, failure: null } : writeOut(path, bytes);
    },
    savePdf: async (question, window) => {
      const { html, ...asked } = savePdfSchema.parse(question);
      const path = await askWhereToSave(asked, window);
      return path === null ? { saved: null, failure: null } : writeOut(path, await printToPdf(html));
    },
  } satisfies Partial<Answers>;
}

async function askWhereToSave(question: z.infer<typeof saveQuestionSchema>, window: BrowserWindow) {
  const result = await dialog.showSaveDialog(window, question);
  return result.filePath && !result.canceled ? result.filePath : null;
}

function writeOut(
  path: string,
  contents: string | Uint8Array,
): { saved: string | null; failure: Failure | null } {
  try {
    writeFileSync(path, contents);
    saved.add(path);
    return { saved: path, failure: null };
  } catch (error) {
    const failure: Failure = {
      code: 'file.not-written',
      message: `The file could not be written: ${(error as Error).message}`,
      place: path,
      remedy: 'Choose another folder, or free some disk space, and save it again.',
    };
    return { saved: null, failure };
  }
}

function settingAnswers({ hostKind, samples, changed }: ShellOptions) {
  return {
    info: async () => describeShell(hostKind, samples),
    theme: async () => readSettings().theme,
    setTheme: async (theme) => {
      const chosen = themeSchema.parse(theme);
      changeSettings(() => ({ theme: chosen }));
      nativeTheme.themeSource = chosen;
    },
    manners: async () => readSettings().manners,
    setManners: async (change) => {
      const wanted = mannersSchema.partial().parse(change);
      const { manners } = changeSettings((settings) => ({ manners: { ...settings.manners, ...wanted } }));
      changed();
      return manners;
    },
  } satisfies Partial<Answers>;
}

function describeShell(processes: HostKind, samplesDirectory: string): ShellInfo {
  const { electron = '', chrome = '', node } = process.versions;
  return {
    platform: process.platform,
    arch: process.arch,
    versions: { app: app.getVersion(), electron, chrome, node },
    processes,
    documentsDirectory: app.getPath('documents'),
    samplesDirectory,
  };
}
