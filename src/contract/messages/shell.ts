/**
 * What the window may ask of the shell around it: `window.pretext`, put there by the preload script.
 *
 * Everything about data, runs and studies goes to the project's service over the RPC contract; the shell only
 * knows folders, dialogs, windows and processes.
 */
import { z } from 'zod';
import { failureSchema, type Failure } from '../errors.ts';
import { repairReportSchema } from '../repair.ts';

export const recentProjectSchema = z.object({
  directory: z.string(),
  name: z.string(),
  /** ISO 8601, UTC. */
  openedAt: z.string(),
  /** Whether the folder is still there. */
  exists: z.boolean(),
});
export type RecentProject = z.infer<typeof recentProjectSchema>;

export const themeSchema = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof themeSchema>;

/** How the program treats the computer it shares with others. */
export const mannersSchema = z.object({
  /** The computer does not go to sleep while a run trains. */
  keepAwake: z.boolean().default(true),
  /** A note of the system when long work has ended and the window is not looked at. */
  notify: z.boolean().default(true),
});
export type Manners = z.infer<typeof mannersSchema>;

export const openedProjectSchema = z.object({
  directory: z.string(),
  name: z.string(),
  /** Names this opening; the port and the end of the service carry the same number. */
  session: z.number().int(),
});
export type OpenedProject = z.infer<typeof openedProjectSchema>;

/** Failures are data: the window shows them, and nothing is thrown across the bridge. */
export const openResultSchema = z.discriminatedUnion('opened', [
  z.object({
    opened: z.literal(true),
    project: openedProjectSchema,
    repair: repairReportSchema.optional(),
  }),
  z.object({ opened: z.literal(false), failure: failureSchema }),
]);
export type OpenResult = z.infer<typeof openResultSchema>;

export const shellInfoSchema = z.object({
  platform: z.string(),
  arch: z.string(),
  versions: z.object({ app: z.string(), electron: z.string(), chrome: z.string(), node: z.string() }),
  /** How the service and the trainers run here. */
  processes: z.enum(['utility', 'node']),
  /** Where a new project is offered to be made. */
  documentsDirectory: z.string(),
  samplesDirectory: z.string(),
});
export type ShellInfo = z.infer<typeof shellInfoSchema>;

const filters = z.array(z.object({ name: z.string(), extensions: z.array(z.string()) })).optional();
const dialog = { title: z.string(), buttonLabel: z.string().optional(), defaultPath: z.string().optional() };
const directory = z.object({ directory: z.string().min(1) });

export const folderQuestionSchema = z.object(dialog);
export const filesQuestionSchema = z.object({ ...dialog, filters, multiple: z.boolean().default(false) });
export const saveQuestionSchema = z.object({ ...dialog, filters });
export const saveTextSchema = saveQuestionSchema.extend({ text: z.string().max(64_000_000) });
export const saveBytesSchema = saveQuestionSchema.extend({ bytes: z.instanceof(Uint8Array) });
/** A page that needs nothing beside it. */
export const savePdfSchema = saveQuestionSchema.extend({ html: z.string().max(64_000_000) });
export const directorySchema = directory;
export const openQuestionSchema = directory.extend({
  /** Repairs its database first. */
  repair: z.boolean().default(false),
});
export const namedDirectorySchema = directory.extend({ name: z.string().trim().min(1).max(80) });

/** What goes on in the open project, for whoever is about to close it. */
export const workSchema = z.object({
  /** Runs that train, and runs that wait for their turn. */
  running: z.number().int().min(0),
  waiting: z.number().int().min(0),
  imports: z.number().int().min(0),
});
export type Work = z.infer<typeof workSchema>;
export const NO_WORK: Work = { running: 0, waiting: 0, imports: 0 };

/** A service that ended without being asked to. `openProject` with the same directory starts it anew. */
export const serviceEndSchema = z.object({
  session: z.number().int(),
  directory: z.string(),
  failure: failureSchema,
});
export type ServiceEnd = z.infer<typeof serviceEndSchema>;

/** What lies at a path that was dropped on the window, or that the program was started with. */
export const droppedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('project'), path: z.string(), name: z.string() }),
  /** Its text, and the folder that its relative paths start from. */
  z.object({ kind: z.literal('recipe'), path: z.string(), folder: z.string(), text: z.string() }),
  z.object({ kind: z.literal('data'), path: z.string() }),
  z.object({ kind: z.literal('unreadable'), failure: failureSchema }),
]);
export type Dropped = z.infer<typeof droppedSchema>;
export const pathSchema = z.object({ path: z.string().min(1) });

/** Commands of the menu that the window carries out. */
export const menuCommandSchema = z.enum([
  'new-project',
  'open-project',
  'close-project',
  'run-recipe',
  'command-palette',
]);
export type MenuCommand = z.infer<typeof menuCommandSchema>;

export interface PretextShell {
  info(): Promise<ShellInfo>;

  recentProjects(): Promise<RecentProject[]>;
  forgetProject(question: z.input<typeof directorySchema>): Promise<void>;

  /** Each answers null, or nothing chosen, when the dialog was dismissed. */
  chooseFolder(question: z.input<typeof folderQuestionSchema>): Promise<string | null>;
  chooseFiles(question: z.input<typeof filesQuestionSchema>): Promise<string[]>;
  saveFile(question: z.input<typeof saveQuestionSchema>): Promise<string | null>;
  /** Asks for a file name and writes the text there: exports of results and recipes. `saved` is null when dismissed. */
  saveText(
    question: z.input<typeof saveTextSchema>,
  ): Promise<{ saved: string | null; failure: Failure | null }>;

  /** The same for what is no text: figures. */
  saveBytes(
    question: z.input<typeof saveBytesSchema>,
  ): Promise<{ saved: string | null; failure: Failure | null }>;

  /** The same for a page, which is printed to PDF. */
  savePdf(
    question: z.input<typeof savePdfSchema>,
  ): Promise<{ saved: string | null; failure: Failure | null }>;

  /**
   * Starts the project's service; a project that was open is closed first. Before the promise resolves, the
   * window gets a `message` event with `{ type: SERVICE_PORT, session }` and the service's MessagePort.
   */
  createProject(question: z.input<typeof namedDirectorySchema>): Promise<OpenResult>;
  openProject(question: z.input<typeof openQuestionSchema>): Promise<OpenResult>;
  closeProject(): Promise<void>;
  /** Keeps the name among the recent projects in step after the service's `project.rename`. */
  renameProject(question: z.input<typeof namedDirectorySchema>): Promise<void>;
  /** Closes it if it is open, and moves its folder to the trash. Null when done. */
  trashProject(question: z.input<typeof directorySchema>): Promise<Failure | null>;
  /** Projects that this program knows, files that it saved, and what lies in a folder that was chosen; nothing else. */
  showInFolder(path: string): Promise<void>;

  /** Looks what a path is: a project, a recipe with its text, or data. Nothing is opened or changed. */
  examine(question: z.input<typeof pathSchema>): Promise<Dropped>;
  /** What the program was started with, or told to open since, and nobody has taken yet: each is given once. */
  pathsToOpen(): Promise<string[]>;
  /** Where a file or folder lies that was dropped on the window. */
  pathOf(file: File): string;

  /** Tells the shell what goes on, whenever it changes: closing the window then asks first. */
  reportWork(work: Work): Promise<void>;

  theme(): Promise<Theme>;
  setTheme(theme: Theme): Promise<void>;

  manners(): Promise<Manners>;
  setManners(change: Partial<Manners>): Promise<Manners>;

  /** Each returns how to stop listening. */
  onServiceEnd(listener: (end: ServiceEnd) => void): () => void;
  onMenu(listener: (command: MenuCommand) => void): () => void;
  /** There are paths to open. */
  onOpen(listener: () => void): () => void;
}

export { SERVICE_PORT } from './service-port.ts';

declare global {
  interface Window {
    pretext: PretextShell;
  }
}
