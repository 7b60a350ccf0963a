/** Electron's part is small and stands in: what is decided about it is what is looked at. */
import { beforeEach, expect, test, vi } from 'vitest';

const system = vi.hoisted(() => ({ awake: new Set<number>(), notes: [] as string[] }));
vi.mock('electron', () => ({
  app: { getName: () => 'Pretext Studio' },
  powerSaveBlocker: {
    start(kind: string) {
      expect(kind).toBe('prevent-app-suspension');
      system.awake.add(1);
      return 1;
    },
    stop: (id: number) => system.awake.delete(id),
  },
  Notification: class {
    static isSupported = () => true;
    words: string;
    constructor({ title, body }: { title: string; body: string }) {
      this.words = `${title} ${body}`;
    }
    on() {}
    show() {
      system.notes.push(this.words);
    }
  },
}));
const { keepManners } = await import('../../../electron/manners.ts');

const work = (running: number, imports = 0) => ({ running, waiting: 0, imports });
const manners = (focused: boolean, wishes = { keepAwake: true, notify: true }) =>
  keepManners(() => ({ isFocused: () => focused }) as never, wishes);

beforeEach(() => {
  system.awake.clear();
  system.notes.length = 0;
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

test('sleep is held off while a run trains, not while data are imported, and never against the wish', () => {
  const keeper = manners(true);
  keeper.work(work(0, 1));
  expect(system.awake.size).toBe(0);
  keeper.work(work(1));
  keeper.work(work(2));
  expect(system.awake.size).toBe(1);
  keeper.wishes({ keepAwake: false, notify: true });
  expect(system.awake.size).toBe(0);
  keeper.wishes({ keepAwake: true, notify: true });
  expect(system.awake.size).toBe(1);
  keeper.work(work(0));
  expect(system.awake.size).toBe(0);
});

test('the end of long work is told to whoever does not look, without a name of theirs', () => {
  const keeper = manners(false);
  keeper.work(work(1));
  vi.advanceTimersByTime(61_000);
  keeper.work(work(0));
  expect(system.notes).toEqual(['The work has ended Pretext Studio has nothing left to train or to import.']);
});

test.each([
  ['short work', 30_000, false, true],
  ['a window in front', 61_000, true, true],
  ['the wish for none', 61_000, false, false],
])('no note for %s', (_case, lasted, focused, notify) => {
  const keeper = manners(focused, { keepAwake: true, notify });
  keeper.work(work(1));
  vi.advanceTimersByTime(lasted);
  keeper.work(work(0));
  expect(system.notes).toEqual([]);
});
