/** The open project's service: started, watched, connected to the window, ended. */
import { MessageChannelMain, type BrowserWindow } from 'electron';
import { basename } from 'node:path';
import type { Failure } from '../src/contract/errors.ts';
import { serviceNoticeSchema, type HostedExit, type ServiceNotice } from '../src/contract/host.ts';
import type { OpenResult, ServiceEnd } from '../src/contract/shell.ts';
import { PORT_CHANNEL, SERVICE_END_CHANNEL } from './channels.ts';
import type { MainHost, MainProcess } from './host.ts';
import { noteOpened } from './settings.ts';

interface OpenService {
  session: number;
  directory: string;
  process: MainProcess;
  exited: Promise<HostedExit>;
}

export interface Projects {
  open(window: BrowserWindow, directory: string, createAs?: string): Promise<OpenResult>;
  close(): Promise<void>;
  isOpen(directory: string): boolean;
}

/** How long a service may take to write down what it has before it is ended. */
const CLOSING_MS = 10_000;

/** @param environment what the processes need to know of the program's places */
export function createProjects(host: MainHost, environment: Record<string, string>): Projects {
  let current: OpenService | null = null;
  let sessions = 0;

  async function close(): Promise<void> {
    const service = current;
    current = null;
    if (service) await endService(service);
  }

  async function open(window: BrowserWindow, directory: string, createAs?: string): Promise<OpenResult> {
    await close();
    const service = startService(host, environment, ++sessions, directory, createAs);
    const notice = await firstNotice(service);
    if (notice.type === 'failed') {
      service.process.kill();
      return { opened: false, failure: notice.failure };
    }
    current = service;
    void service.exited.then((exit) => {
      if (current !== service) return;
      current = null;
      reportEnd(window, service, exit);
    });
    connect(window, service);
    noteOpened(directory, notice.name);
    return { opened: true, project: { directory, name: notice.name, session: service.session } };
  }

  return { open, close, isOpen: (directory) => current?.directory === directory };
}

function startService(
  host: MainHost,
  environment: Record<string, string>,
  session: number,
  directory: string,
  createAs: string | undefined,
): OpenService {
  const create = createAs === undefined ? [] : ['--create', createAs];
  const child = host.start('service', { arguments: ['--project', directory, ...create], environment });
  return { session, directory, process: child, exited: new Promise((resolve) => child.onExit(resolve)) };
}

/** What the service says first, or what its end before a first word means. */
function firstNotice(service: OpenService): Promise<ServiceNotice> {
  return new Promise((resolve) => {
    const stop = service.process.onMessage((message) => {
      const notice = serviceNoticeSchema.safeParse(message);
      if (!notice.success) return;
      queueMicrotask(() => stop());
      resolve(notice.data);
    });
    void service.exited.then((exit) => resolve({ type: 'failed', failure: endFailure(service, exit) }));
  });
}

function connect(window: BrowserWindow, service: OpenService): void {
  const { port1, port2 } = new MessageChannelMain();
  service.process.connect(port1);
  window.webContents.postMessage(PORT_CHANNEL, service.session, [port2]);
}

/** Lets the service write down what it has, and ends it if that takes too long. */
async function endService(service: OpenService): Promise<void> {
  service.process.end();
  const patience = setTimeout(() => service.process.kill(), CLOSING_MS);
  await service.exited;
  clearTimeout(patience);
}

function reportEnd(window: BrowserWindow, service: OpenService, exit: HostedExit): void {
  if (window.isDestroyed()) return;
  const { session, directory } = service;
  const end: ServiceEnd = { session, directory, failure: endFailure(service, exit) };
  window.webContents.send(SERVICE_END_CHANNEL, end);
}

function endFailure(service: OpenService, exit: HostedExit): Failure {
  const how = exit.signal ? `by ${exit.signal}` : `with status ${exit.code}`;
  const words = exit.lastOutput.trim().split('\n').at(-1);
  return {
    code: 'service.ended',
    message: `The process that holds the project “${basename(service.directory)}” ended ${how}.${words ? ` It last said: ${words}` : ''}`,
    place: service.directory,
    remedy: 'Open the project again: runs continue from their last checkpoint.',
  };
}
