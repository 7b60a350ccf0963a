/** The host that fits what this process is: main starts utility processes for us, Node forks its own. */
import { hostLine, type HostLine, type UtilityPort } from './parent-channel.ts';
import { createMultiplexer, isEnvelope } from './envelopes.ts';
import type { Envelope, HostedExit, HostedProcess, ProcessHost } from '../contract/messages/host.ts';
import { createNodeHost } from './node.ts';

/** Call it once, at the start of a process. */
export function chooseHost(): ProcessHost {
  const line = hostLine();
  return line ? createUtilityHost(line) : createNodeHost();
}

/** Asks main over the control line to start processes, and talks to them over the ports it sends back. */
function createUtilityHost(line: HostLine): ProcessHost {
  const started = new Map<number, StartedProcess>();
  let nextId = 1;
  line.onNotice((notice, port) => {
    if (notice.kind === 'started' && port) started.get(notice.id)?.connect(port);
    if (notice.kind === 'exited') {
      started.get(notice.id)?.exited(notice.exit);
      started.delete(notice.id);
    }
  });
  return {
    start(entry, options = {}) {
      const id = nextId++;
      const process = createStartedProcess(() => line.request({ kind: 'kill', id }));
      started.set(id, process);
      line.request({ kind: 'start', id, entry, options });
      return process.hosted;
    },
  };
}

interface StartedProcess {
  hosted: HostedProcess;
  connect(port: UtilityPort): void;
  exited(exit: HostedExit): void;
}

function createStartedProcess(kill: () => void): StartedProcess {
  let pipe: UtilityPort | null = null;
  let early: Envelope[] = [];
  const multiplexer = createMultiplexer((envelope) => {
    if (pipe) pipe.postMessage(envelope);
    else early.push(envelope);
  }, 0);
  let exited!: (exit: HostedExit) => void;
  const exit = new Promise<HostedExit>((resolve) => (exited = resolve));
  void exit.then(multiplexer.end);
  return {
    connect(port) {
      pipe = port;
      port.on('message', (event) => {
        if (!isEnvelope(event.data)) throw new Error('unknown message from a process that main started');
        multiplexer.receive(event.data);
      });
      port.start?.();
      for (const envelope of early) port.postMessage(envelope);
      early = [];
    },
    exited,
    hosted: {
      send: multiplexer.send,
      onMessage: multiplexer.onMessage,
      onExit: (listener) => void exit.then(listener),
      end: () => (pipe?.close ? pipe.close() : kill()),
      kill,
      openPort: multiplexer.openPort,
    },
  };
}
