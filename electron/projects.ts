/** The open project's service: started, watched, connected to the window, ended. */
import { MessageChannelMain, type BrowserWindow } from 'electron';
import { basename } from 'node:path';
import { toFailure, type Failure } from '../src/contract/errors.ts';
import { serviceNoticeSchema, type HostedExit, type ServiceNotice } from '../src/contract/messages/host.ts';
import type { OpenResult, ServiceEnd } from '../src/contract/messages/shell.ts';
import { watchForCrash, type CrashWatch } from '../src/host/crash-watch.ts';
import { PORT_CHANNEL, SERVICE_END_CHANNEL } from './channels.ts';
import type { MainHost, MainProcess } from './host.ts';
import { noteOpened } from './settings.ts';

interface OpenService {
  session: number;
  directory: string;
  process: MainProcess;
  exited: Promise<HostedExit>;
  crash: CrashWatch;
  /** What it said when it lost its project. */
  lost: Failure | null;
}

/** Besides opening: make it first with a name, or repair it first. */
export interface Beforehand {
  create?: string;
  repair?: boolean;
}

export interface Projects {
  /** Never rejects: what goes wrong is the answer. */
  open(window: BrowserWindow, directory: string, beforehand?: Beforehand): Promise<OpenResult>;
  close(): Promise<void>;
  isOpen(directory: string): boolean;
  /** The folder of the open project. */
  opened(): string | null;
}

/** How long a service may take to write down what it has before it is ended. */
const CLOSING_MS = 10_000;
/** How long it may take to open a project: the thorough check of a very large one after a crash is the longest. */
const OPENING_MS = Number(process.env['PRETEXT_OPENING_MS'] ?? 180_000);

/** @param environment what the processes need to know of the program's places */
export function createProjects(host: MainHost, environment: Record<string, string>): Projects {
  let current: OpenService | null = null;
  let sessions = 0;

  async function close(): Promise<void> {
    const service = current;
    current = null;
    if (service) await endService(service);
  }

  async function open(
    window: BrowserWindow,
    directory: string,
    before: Beforehand = {},
  ): Promise<OpenResult> {
    try {
      await close();
      return await start(window, directory, before);
    } catch (error) {
      console.error(error);
      return { opened: false, failure: toFailure(error) };
    }
  }

  async function start(window: BrowserWindow, directory: string, before: Beforehand): Promise<OpenResult> {
    const service = startService(host, environment, ++sessions, directory, before);
    const notice = await firstNotice(service);
    if (notice.type !== 'ready') {
      service.crash.asked();
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
    remember(directory, notice.name);
    const project = { directory, name: notice.name, session: service.session };
    return { opened: true, project, ...(notice.repair && { repair: notice.repair }) };
  }

  const opened = () => current?.directory ?? null;
  return { open, close, isOpen: (directory) => opened() === directory, opened };
}

function startService(
  host: MainHost,
  environment: Record<string, string>,
  session: number,
  directory: string,
  { create, repair }: Beforehand,
): OpenService {
  const more = [...(create === undefined ? [] : ['--create', create]), ...(repair ? ['--repair'] : [])];
  const child = host.start('service', { arguments: ['--project', directory, ...more], environment });
  const crash = watchForCrash(child, 'service');
  const exited = new Promise<HostedExit>((resolve) => child.onExit(resolve));
  const service: OpenService = { session, directory, process: child, exited, crash, lost: null };
  child.onMessage((message) => {
    const notice = serviceNoticeSchema.safeParse(message);
    if (!notice.success || notice.data.type !== 'lost') return;
    service.lost = notice.data.failure;
    crash.asked();
  });
  return service;
}

/** A list of recent projects that cannot be written keeps no project closed. */
function remember(directory: string, name: string): void {
  try {
    noteOpened(directory, name);
  } catch (error) {
    console.error('The list of recent projects could not be written:', error);
  }
}

/** What the service says first, what its end before a first word means, or that it says nothing. */
async function firstNotice(service: OpenService): Promise<ServiceNotice> {
  let patience: NodeJS.Timeout | undefined;
  const notice = await new Promise<ServiceNotice>((resolve) => {
    patience = setTimeout(() => resolve({ type: 'failed', failure: tooSlow(service) }), OPENING_MS);
    const stop = service.process.onMessage((message) => {
      const said = serviceNoticeSchema.safeParse(message);
      if (!said.success) return;
      queueMicrotask(() => stop());
      resolve(said.data);
    });
    void service.exited.then((exit) => resolve({ type: 'failed', failure: endFailure(service, exit) }));
  });
  clearTimeout(patience);
  return notice;
}

function connect(window: BrowserWindow, service: OpenService): void {
  const { port1, port2 } = new MessageChannelMain();
  service.process.connect(port1);
  window.webContents.postMessage(PORT_CHANNEL, service.session, [port2]);
}

/** Lets the service write down what it has, and ends it if that takes too long. */
async function endService(service: OpenService): Promise<void> {
  service.crash.asked();
  service.process.end();
  const patience = setTimeout(() => service.process.kill(), CLOSING_MS);
  await service.exited;
  clearTimeout(patience);
}

function reportEnd(window: BrowserWindow, service: OpenService, exit: HostedExit): void {
  if (window.isDestroyed()) return;
  const { session, directory } = service;
  const end: ServiceEnd = { session, directory, failure: service.lost ?? endFailure(service, exit) };
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

function tooSlow(service: OpenService): Failure {
  return {
    code: 'project.too-slow',
    message: `The project “${basename(service.directory)}” did not open within ${OPENING_MS / 1000} seconds.`,
    place: service.directory,
    remedy:
      'See that the disk on which it lies answers (a network disk connected, a removable one plugged in), then open it again.',
  };
}
