/**
 * The process host of Electron's main process.
 *
 * From Electron 35 on, which carries a Node that can load our native modules, processes are utility processes.
 * On an older Electron main starts plain Node processes with a Node binary that it is given.
 */
import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import { createNodeHost } from '../src/host/node.ts';
import { createMultiplexer, isEnvelope } from '../src/host/envelopes.ts';
import type {
  HostedExit,
  HostedProcess,
  HostEntry,
  HostNotice,
  HostOptions,
  HostRequest,
} from '../src/contract/messages/host.ts';
import { withoutNativeNotices } from '../src/host/native-notices.ts';

export type HostKind = 'utility' | 'node';

/** A hosted process of main, which can also be given a port that leads to it from the window. */
export interface MainProcess extends HostedProcess {
  connect(port: MessagePortMain): void;
}

export interface MainHost {
  kind: HostKind;
  start(entry: HostEntry, options?: HostOptions): MainProcess;
}

export interface MainHostOptions {
  kind: HostKind;
  file(entry: HostEntry): string;
  node: string;
}

/** `PRETEXT_HOST` overrules the choice, for tests. */
export function chooseHostKind(): HostKind {
  const asked = process.env['PRETEXT_HOST'];
  if (asked === 'utility' || asked === 'node') return asked;
  return Number(process.versions['electron']?.split('.')[0]) >= 35 ? 'utility' : 'node';
}

export function createMainHost(options: MainHostOptions): MainHost {
  return options.kind === 'utility' ? createUtilityHost(options) : createForkingHost(options);
}

function createForkingHost(options: MainHostOptions): MainHost {
  const host = createNodeHost({ executable: options.node, file: options.file });
  return {
    kind: 'node',
    start(entry, start) {
      const hosted = host.start(entry, start);
      return { ...hosted, connect: (port) => relay(port, hosted) };
    },
  };
}

/** Carries a conversation between a port of the window and a process that knows no ports. */
function relay(port: MessagePortMain, hosted: HostedProcess): void {
  const far = hosted.openPort();
  port.on('message', (event) => far.postMessage(event.data));
  port.on('close', () => far.close());
  far.on('message', (event) => port.postMessage(event?.data));
  far.on('close', () => port.close());
  port.start();
}

function createUtilityHost(options: MainHostOptions): MainHost {
  return {
    kind: 'utility',
    start: (entry, start = {}) => hostUtility(forkUtility(options, entry, start), options),
  };
}

function forkUtility(host: MainHostOptions, entry: HostEntry, options: HostOptions): UtilityProcess {
  return utilityProcess.fork(host.file(entry), options.arguments ?? [], {
    env: { ...process.env, ...options.environment } as Record<string, string>,
    stdio: ['ignore', 'pipe', 'pipe'],
    serviceName: `pretext ${entry}`,
  });
}

const KEPT_OUTPUT = 4000;

function watchExit(child: UtilityProcess): Promise<HostedExit> {
  let lastOutput = '';
  const keep = (chunk: Buffer) => {
    const text = withoutNativeNotices(chunk.toString());
    lastOutput = (lastOutput + text).slice(-KEPT_OUTPUT);
    if (text) process.stderr.write(text);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve({ code, signal: null, lastOutput }));
  });
}

function tell(child: UtilityProcess, notice: HostNotice, ports: MessagePortMain[] = []): void {
  child.postMessage(notice, ports);
}

function hostUtility(child: UtilityProcess, options: MainHostOptions): MainProcess {
  const { port1: own, port2: theirs } = new MessageChannelMain();
  const multiplexer = createMultiplexer((envelope) => own.postMessage(envelope), 0);
  own.on('message', (event) => {
    if (!isEnvelope(event.data)) throw new Error('unknown message from a utility process');
    multiplexer.receive(event.data);
  });
  own.start();
  tell(child, { kind: 'uplink' }, [theirs]);
  const exited = watchExit(child);
  void exited.then(multiplexer.end);
  startForIt(child, exited, options);
  return {
    send: multiplexer.send,
    onMessage: multiplexer.onMessage,
    onExit: (listener) => void exited.then(listener),
    end: () => own.close(),
    kill: () => void child.kill(),
    openPort: multiplexer.openPort,
    connect: (port) => tell(child, { kind: 'port' }, [port]),
  };
}

/** Starts processes that a utility process asks for; they end when it does. */
function startForIt(
  parent: UtilityProcess,
  parentExited: Promise<HostedExit>,
  options: MainHostOptions,
): void {
  const children = new Map<number, UtilityProcess>();
  parent.on('message', (message: HostRequest) => {
    if (message.kind === 'kill') {
      children.get(message.id)?.kill();
      return;
    }
    const child = forkUtility(options, message.entry, message.options);
    children.set(message.id, child);
    const { port1, port2 } = new MessageChannelMain();
    tell(child, { kind: 'uplink' }, [port2]);
    tell(parent, { kind: 'started', id: message.id }, [port1]);
    void watchExit(child).then((exit) => {
      children.delete(message.id);
      tell(parent, { kind: 'exited', id: message.id, exit });
    });
  });
  void parentExited.then(() => {
    for (const child of children.values()) child.kill();
  });
}
