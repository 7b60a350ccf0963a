/**
 * Messages and any number of conversations over one pipe: the part that both ends of a process boundary share.
 */
import type { ChannelPort, Envelope } from '../contract/messages/host.ts';

export interface Multiplexer {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): () => void;
  onPort(listener: (port: ChannelPort) => void): void;
  openPort(): ChannelPort;
  /** Takes what arrived on the pipe. */
  receive(envelope: Envelope): void;
  /** The pipe is gone: every port closes. */
  end(): void;
}

/** A list of listeners; what is emitted before the first one came waits for it. */
export function createInbox<Value>() {
  const listeners = new Set<(value: Value) => void>();
  let waiting: Value[] = [];
  return {
    add(listener: (value: Value) => void): () => void {
      listeners.add(listener);
      const missed = waiting;
      waiting = [];
      for (const value of missed) listener(value);
      return () => void listeners.delete(listener);
    },
    emit(value: Value): void {
      if (listeners.size === 0) waiting.push(value);
      for (const listener of listeners) listener(value);
    },
  };
}

interface PortEnd {
  port: ChannelPort;
  deliver(data: unknown): void;
  closed(): void;
}

function createPortEnd(post: (data: unknown) => void, close: () => void): PortEnd {
  const messages = createInbox<{ data: unknown }>();
  const closings = createInbox<undefined>();
  let open = true;
  const closed = () => {
    if (!open) return;
    open = false;
    closings.emit(undefined);
  };
  return {
    deliver: (data) => messages.emit({ data }),
    closed,
    port: {
      on(event, listener) {
        if (event === 'message') messages.add(listener);
        else if (event === 'close') closings.add(listener);
      },
      postMessage(data) {
        if (open) post(data);
      },
      close() {
        if (!open) return;
        close();
        closed();
      },
    },
  };
}

/**
 * @param write puts one envelope on the pipe
 * @param side numbers the ports that this side opens, so that both sides may open some: 0 parent, 1 child
 */
export function createMultiplexer(write: (envelope: Envelope) => void, side: 0 | 1): Multiplexer {
  const messages = createInbox<unknown>();
  const arrivals = createInbox<ChannelPort>();
  const ports = new Map<number, PortEnd>();
  let nextPort = side;

  const addPort = (id: number): ChannelPort => {
    const end = createPortEnd(
      (data) => write({ kind: 'port-data', port: id, data }),
      () => {
        ports.delete(id);
        write({ kind: 'port-close', port: id });
      },
    );
    ports.set(id, end);
    return end.port;
  };

  return {
    send: (data) => write({ kind: 'message', data }),
    onMessage: messages.add,
    onPort: (listener) => void arrivals.add(listener),
    openPort() {
      const id = nextPort;
      nextPort += 2;
      write({ kind: 'port-open', port: id });
      return addPort(id);
    },
    receive(envelope) {
      if (envelope.kind === 'message') messages.emit(envelope.data);
      else if (envelope.kind === 'port-open') arrivals.emit(addPort(envelope.port));
      else if (envelope.kind === 'port-data') ports.get(envelope.port)?.deliver(envelope.data);
      else {
        const end = ports.get(envelope.port);
        ports.delete(envelope.port);
        end?.closed();
      }
    },
    end() {
      const ends = [...ports.values()];
      ports.clear();
      for (const end of ends) end.closed();
    },
  };
}

/** Whether a value from the outside is one of ours; anything else on the pipe is a bug worth hearing of. */
export function isEnvelope(value: unknown): value is Envelope {
  const kind = (value as { kind?: unknown } | null)?.kind;
  return kind === 'message' || kind === 'port-open' || kind === 'port-data' || kind === 'port-close';
}
