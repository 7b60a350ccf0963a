/** What a command line stands in: its streams, its signals and its way to start processes. */
import type { Writable } from 'node:stream';
import type { ProcessHost } from '../contract/messages/host.ts';

export interface Environment {
  host: ProcessHost;
  /** Results, and nothing else. */
  stdout: Writable;
  /** Progress, notes, errors. */
  stderr: Writable & { isTTY?: boolean };
  folder: string;
  /** Calls back at Ctrl-C and at a request to end. Returns how to stop listening. */
  onInterrupt(listener: () => void): () => void;
}

export const EXIT = { done: 0, failed: 1, wrongUsage: 2 } as const;

/** A mistake in how the program was called: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something was not reached without anything being wrong, such as a pause: exit status 1. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
  readonly status: number;

  constructor(message: string, status: number = EXIT.failed) {
    super(message);
    this.status = status;
  }
}

export function printJson(environment: Environment, document: unknown): void {
  environment.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

export function printLine(environment: Environment, line = ''): void {
  environment.stdout.write(`${line}\n`);
}

export function say(environment: Environment, line: string): void {
  environment.stderr.write(`${line}\n`);
}
