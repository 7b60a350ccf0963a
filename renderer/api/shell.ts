/** The shell around the window: dialogs, folders, and the opening of projects. */
import {
  SERVICE_PORT,
  type OpenedProject,
  type OpenResult,
  type PretextShell,
} from '../../src/contract/messages/shell.ts';
import type { Failure } from '../../src/contract/errors.ts';
import type { RepairReport } from '../../src/contract/repair.ts';
import { connectProject, type ProjectClient } from './project.ts';

export const shell: PretextShell = window.pretext;

/** Ports that arrived, by session, until the answer of the opening call asks for them. */
const ports = new Map<number, MessagePort>();

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const data = event.data as { type?: unknown; session?: unknown } | null;
  const port = event.ports[0];
  if (event.source !== window || data?.type !== SERVICE_PORT || !port) return;
  ports.set(Number(data.session), port);
});

export type Opening =
  | { opened: true; project: OpenedProject; client: ProjectClient; repair: RepairReport | null }
  | { opened: false; failure: Failure };

const PORT_PATIENCE_MS = 5000;

/** The port's message event may be dispatched a moment after the answer. */
async function portOf(session: number): Promise<MessagePort | null> {
  const deadline = performance.now() + PORT_PATIENCE_MS;
  while (performance.now() < deadline) {
    const port = ports.get(session);
    if (port) {
      ports.delete(session);
      return port;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return null;
}

async function connect(result: OpenResult): Promise<Opening> {
  if (!result.opened) return result;
  const port = await portOf(result.project.session);
  const { project, repair = null } = result;
  if (port) return { opened: true, project, client: connectProject(port), repair };
  return {
    opened: false,
    failure: {
      code: 'service.no-connection',
      message: 'The project was opened, but no connection to it came.',
      place: result.project.directory,
      remedy: 'Open it again. If it happens again, restart the program.',
    },
  };
}

export async function createProject(directory: string, name: string): Promise<Opening> {
  return connect(await shell.createProject({ directory, name }));
}

export async function openProject(directory: string, repair = false): Promise<Opening> {
  return connect(await shell.openProject({ directory, repair }));
}
