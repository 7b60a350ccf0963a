/** The process host of plain Node: children by `fork`, messages over its IPC channel. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createMultiplexer, isEnvelope } from './envelopes.ts';
import type {
  Envelope,
  HostEntry,
  HostOptions,
  HostedExit,
  HostedProcess,
  ProcessHost,
} from '../contract/messages/host.ts';
import { withoutNativeNotices } from './native-notices.ts';

const KEPT_OUTPUT = 4000;

export interface NodeHostOptions {
  /** The Node binary, version 24 or later; this process's own by default. */
  executable?: string;
  /** The file of each entry; beside this one by default, as sources or as bundles. */
  file?: (entry: HostEntry) => string;
}

/** Starts children with this Node (or the one named). They end when this process does, however it ends. */
export function createNodeHost(options: NodeHostOptions = {}): ProcessHost {
  const file = options.file ?? defaultEntryFile;
  return {
    start(entry, start = {}) {
      return hostChild(forkEntry(file(entry), start, options.executable ?? process.execPath));
    },
  };
}

/** `src/<entry>/main.ts` while run from the sources, `<entry>.mjs` beside the bundle otherwise. */
export function defaultEntryFile(entry: HostEntry): string {
  const fromSources = import.meta.url.endsWith('.ts');
  const bundled = `./${entry}.mjs`;
  const source = entry === 'try-tensorflow' ? '../trainer/try-tensorflow.ts' : `../${entry}/main.ts`;
  return fileURLToPath(new URL(fromSources ? source : bundled, import.meta.url));
}

function forkEntry(file: string, options: HostOptions, executable: string): ChildProcess {
  return fork(file, options.arguments ?? [], {
    execPath: executable,
    execArgv: [],
    env: { ...process.env, ...options.environment },
    serialization: 'advanced',
    // stdout belongs to result documents: what a child prints goes to stderr, and its end is kept for the log.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

function hostChild(child: ChildProcess): HostedProcess {
  let lastOutput = '';
  const relay = (chunk: Buffer) => {
    const text = withoutNativeNotices(chunk.toString());
    lastOutput = (lastOutput + text).slice(-KEPT_OUTPUT);
    if (text) process.stderr.write(text);
  };
  child.stdout?.on('data', relay);
  child.stderr?.on('data', relay);

  // A write to a child that has just died is no error of ours: its exit is reported by `onExit`.
  const write = (envelope: Envelope) => void (child.connected && child.send(envelope, () => {}));
  const multiplexer = createMultiplexer(write, 0);
  child.on('message', (message) => {
    if (!isEnvelope(message)) throw new Error(`unknown message from a child: ${JSON.stringify(message)}`);
    multiplexer.receive(message);
  });

  // Node's own `close` never comes where this side has disconnected, and may come before the last messages:
  // `disconnect` comes after them, however the channel ends.
  const drained = new Promise((resolve) => child.once('disconnect', resolve));
  const silent = Promise.all(
    [child.stdout, child.stderr].map((stream) => new Promise((resolve) => stream?.once('close', resolve))),
  );
  const exited = new Promise<HostedExit>((resolve) => {
    child.once('error', (error) => resolve({ code: -1, signal: null, lastOutput: error.message }));
    child.once('exit', (code, signal) => {
      void Promise.all([drained, silent]).then(() => resolve({ code, signal, lastOutput }));
    });
  });
  void exited.then(multiplexer.end);

  return {
    send: multiplexer.send,
    onMessage: multiplexer.onMessage,
    onExit: (listener) => void exited.then(listener),
    end: () => {
      if (child.connected) child.disconnect();
    },
    kill: () => void child.kill('SIGKILL'),
    openPort: multiplexer.openPort,
  };
}
