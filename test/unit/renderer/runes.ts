/** What a store of the window needs outside of it. */
import { vi } from 'vitest';
import type { ProjectClient } from '../../../renderer/api/project.ts';

/** Outside of the window nothing is drawn anew: a rune is its value. */
export function stubRunes(): void {
  const state = { raw: (value: unknown) => value, snapshot: (value: unknown) => structuredClone(value) };
  vi.stubGlobal(
    '$state',
    Object.assign((value: unknown) => value, state),
  );
  vi.stubGlobal('$derived', (value: unknown) => value);
}

/** All that waits to be answered is answered. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const FAILURE = { code: 'made-up', message: 'It cannot be told.', remedy: 'Ask again.' };
/** As the service throws it. */
export const refusal = (failure = FAILURE): Error => Object.assign(new Error(failure.message), { failure });

/** A client whose calls are these; all others are not there. */
export const clientOf = (calls: object): ProjectClient => calls as unknown as ProjectClient;

/** Calls by name, with what each was asked. */
export function recorder() {
  const calls: [name: string, question: unknown][] = [];
  /** A call that is written down and answers so. */
  const answering =
    <Answer>(name: string, answer: Answer | ((question: never) => Answer)) =>
    (question: unknown) => {
      calls.push([name, question]);
      return Promise.resolve(
        typeof answer === 'function' ? (answer as (asked: unknown) => Answer)(question) : answer,
      );
    };
  return { calls, answering };
}
