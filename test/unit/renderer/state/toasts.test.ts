import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Toasts } from '../../../../renderer/state/toasts.svelte.ts';
import { refusal, stubRunes } from '../runes.ts';

beforeEach(() => {
  vi.useFakeTimers();
  stubRunes();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const messages = ({ items }: Toasts) => items.map(({ message }) => message);

it('shows a note for a while, and what failed for longer', () => {
  const toasts = new Toasts();
  toasts.done('Saved.');
  toasts.done('Removed.', { title: 'Undo', run: () => undefined }, 30);
  toasts.failed({ code: 'x', message: 'No.', place: 'a.csv', remedy: 'Choose another.' });
  expect(toasts.items).toMatchObject([
    { tone: 'done', message: 'Saved.', detail: '', action: null },
    { tone: 'done', message: 'Removed.', action: { title: 'Undo' } },
    { tone: 'failed', message: 'No.', detail: 'a.csv · Choose another.' },
  ]);
  vi.advanceTimersByTime(6000);
  expect(messages(toasts)).toEqual(['Removed.', 'No.']);
  vi.advanceTimersByTime(6000);
  expect(messages(toasts)).toEqual(['Removed.']);
  vi.advanceTimersByTime(18_000);
  expect(toasts.items).toEqual([]);
});

it('shows the latest four, and lets one be put away', () => {
  const toasts = new Toasts();
  for (const message of ['a', 'b', 'c', 'd', 'e']) toasts.done(message);
  expect(messages(toasts)).toEqual(['b', 'c', 'd', 'e']);
  toasts.dismiss(toasts.items[1]!.id);
  expect(messages(toasts)).toEqual(['b', 'd', 'e']);
});

it('says why something could not be done', async () => {
  const toasts = new Toasts();
  expect(await toasts.attempt(() => Promise.resolve())).toBe(true);
  expect(toasts.items).toEqual([]);
  expect(await toasts.attempt(() => Promise.reject(refusal()))).toBe(false);
  expect(toasts.items).toMatchObject([
    { tone: 'failed', message: 'It cannot be told.', detail: 'Ask again.' },
  ]);
  await toasts.attempt(() => Promise.reject(new Error('a fault of ours')));
  expect(toasts.items[1]).toMatchObject({
    message: 'a fault of ours',
    detail: 'Try again. If it happens again, please report it with the log file of the project.',
  });
});
