/**
 * The started process's end of the process host: one channel to whoever started it, whether this is a plain
 * Node child (IPC) or a utility process of Electron (MessagePorts).
 *
 * A process never outlives its parent: when the channel closes, the listeners of `onClose` run and the process
 * ends.
 */
import { createInbox, createMultiplexer, isEnvelope, type Multiplexer } from './envelopes.ts';
import type { ChannelPort, Envelope, HostNotice, HostRequest } from '../contract/messages/host.ts';

export interface ParentChannel {
  send(message: unknown): void;
  /** Messages that arrived before the first listener wait for it. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** A conversation was opened: the window's or the command line's RPC. */
  onPort(listener: (port: ChannelPort) => void): void;
  /** Runs when the parent is gone, before this process ends. At most `CLOSING_MS` are given. */
  onClose(listener: () => void | Promise<void>): void;
}

/** What Electron gives a utility process; typed here as no Electron may be imported below electron/. */
export interface UtilityPort {
  on(event: string, listener: (event: { data: unknown; ports?: UtilityPort[] }) => void): void;
  postMessage(message: unknown): void;
  start?(): void;
  close?(): void;
}

/** The control line from a utility process to main: how processes are started there (service/host.ts). */
export interface HostLine {
  request(request: HostRequest): void;
  onNotice(listener: (notice: HostNotice, port: UtilityPort | undefined) => void): void;
}

const CLOSING_MS = 5000;

let channel: ParentChannel | null = null;
let line: HostLine | null = null;

/** The channel to the parent, the same one at every call; throws where nobody started this process as a child. */
export function parentChannel(): ParentChannel {
  channel ??= utilityParentPort() ? utilityChannel() : forkChannel();
  return channel;
}

/** The control line to main, or null outside of utility processes. */
export function hostLine(): HostLine | null {
  const port = utilityParentPort();
  if (!port) return null;
  line ??= createHostLine(port);
  return line;
}

function utilityParentPort(): UtilityPort | undefined {
  return (process as { parentPort?: UtilityPort }).parentPort;
}

function createHostLine(port: UtilityPort): HostLine {
  const notices = createInbox<{ notice: HostNotice; port: UtilityPort | undefined }>();
  port.on('message', (event) => notices.emit({ notice: event.data as HostNotice, port: event.ports?.[0] }));
  return {
    request: (request) => port.postMessage(request),
    onNotice: (listener) => void notices.add((value) => listener(value.notice, value.port)),
  };
}

/** Runs the closing listeners, at most `CLOSING_MS`, then ends this process. */
function createCloser() {
  const listeners: (() => void | Promise<void>)[] = [];
  let closing = false;
  return {
    add: (listener: () => void | Promise<void>) => void listeners.push(listener),
    close() {
      if (closing) return;
      closing = true;
      setTimeout(() => process.exit(1), CLOSING_MS);
      void Promise.allSettled(listeners.map(async (listener) => listener())).then(() => process.exit(0));
    },
  };
}

function fromMultiplexer(
  multiplexer: Multiplexer,
  ports: (listener: (port: ChannelPort) => void) => void,
  onClose: ParentChannel['onClose'],
): ParentChannel {
  return { send: multiplexer.send, onMessage: multiplexer.onMessage, onPort: ports, onClose };
}

function receiveEnvelope(multiplexer: Multiplexer, message: unknown): void {
  if (!isEnvelope(message)) throw new Error(`unknown message from the parent: ${JSON.stringify(message)}`);
  multiplexer.receive(message);
}

function forkChannel(): ParentChannel {
  const send = process.send?.bind(process);
  if (!send) throw new Error('this process was not started by a process host: it has no channel to a parent');
  const closer = createCloser();
  // A write to a parent that has just died is no error of ours: `disconnect` follows and ends this process.
  const write = (envelope: Envelope) => void (process.connected && send(envelope, undefined, {}, () => {}));
  const multiplexer = createMultiplexer(write, 1);
  process.on('message', (message) => receiveEnvelope(multiplexer, message));
  process.on('disconnect', () => {
    multiplexer.end();
    closer.close();
  });
  return fromMultiplexer(multiplexer, multiplexer.onPort, closer.add);
}

function utilityChannel(): ParentChannel {
  const closer = createCloser();
  const arrivals = createInbox<ChannelPort>();
  let uplink: UtilityPort | null = null;
  let early: Envelope[] = [];
  const multiplexer = createMultiplexer((envelope) => {
    if (uplink) uplink.postMessage(envelope);
    else early.push(envelope);
  }, 1);
  multiplexer.onPort(arrivals.emit);

  hostLine()?.onNotice((notice, port) => {
    if (notice.kind === 'uplink' && port) {
      uplink = port;
      port.on('message', (event) => receiveEnvelope(multiplexer, event.data));
      port.on('close', closer.close);
      port.start?.();
      for (const envelope of early) port.postMessage(envelope);
      early = [];
    } else if (notice.kind === 'port' && port) {
      arrivals.emit(port as unknown as ChannelPort);
      // Whoever took the port has added its listeners by now.
      port.start?.();
    }
  });
  return fromMultiplexer(multiplexer, (listener) => void arrivals.add(listener), closer.add);
}
