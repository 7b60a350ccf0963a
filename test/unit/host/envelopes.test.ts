import { expect, it } from 'vitest';
import type { Envelope } from '../../../src/contract/messages/host.ts';
import { createInbox, createMultiplexer, isEnvelope, type Multiplexer } from '../../../src/host/envelopes.ts';

/** Two ends of one pipe. */
function joined() {
  const written: Envelope[] = [];
  const ends: [Multiplexer, Multiplexer] = [
    createMultiplexer((envelope) => (written.push(envelope), ends[1].receive(envelope)), 0),
    createMultiplexer((envelope) => (written.push(envelope), ends[0].receive(envelope)), 1),
  ];
  return { parent: ends[0], child: ends[1], written };
}

it('keeps what arrives before anybody listens, in its order', () => {
  const inbox = createInbox<number>();
  inbox.emit(1);
  inbox.emit(2);
  const heard: number[] = [];
  const stop = inbox.add((value) => heard.push(value));
  inbox.emit(3);
  stop();
  inbox.emit(4);
  expect(heard).toEqual([1, 2, 3]);
});

it('carries messages, and conversations beside them', () => {
  const { parent, child } = joined();
  const heard: unknown[] = [];
  child.onMessage((message) => heard.push(message));
  child.onPort((port) => port.on('message', (event) => port.postMessage(`${event!.data}!`)));
  const port = parent.openPort();
  port.on('message', (event) => heard.push(event!.data));
  parent.send('plain');
  port.postMessage('hello');
  expect(heard).toEqual(['plain', 'hello!']);
});

it('numbers ports so that both ends may open some', () => {
  const { parent, child, written } = joined();
  parent.openPort();
  child.openPort();
  parent.openPort();
  expect(written.map((envelope) => 'port' in envelope && envelope.port)).toEqual([0, 1, 2]);
});

it('closes a conversation at both ends, once, and says nothing in it any more', () => {
  const { parent, child, written } = joined();
  let closed = 0;
  child.onPort((port) => port.on('close', () => (closed += 1)));
  const port = parent.openPort();
  port.close();
  port.close();
  port.postMessage('late');
  expect([closed, written.filter(({ kind }) => kind !== 'port-open').length]).toEqual([1, 1]);
});

it('closes all conversations when the pipe is gone', () => {
  const { parent } = joined();
  const closed: number[] = [];
  [0, 1].forEach((at) => parent.openPort().on('close', () => closed.push(at)));
  parent.end();
  expect(closed).toEqual([0, 1]);
});

it('tells envelopes from anything else', () => {
  expect([{ kind: 'message', data: 1 }, { kind: 'other' }, null, 'text'].map(isEnvelope)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
