import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const answers = vi.hoisted(() => ({
  asked: [] as Record<string, unknown>[],
  response: 0,
  waiting: null as null | Promise<void>,
  error: null as Error | null,
}));
vi.mock('electron', () => ({
  dialog: {
    async showMessageBox(_window: unknown, options: Record<string, unknown>) {
      answers.asked.push(options);
      await answers.waiting;
      if (answers.error) throw answers.error;
      return { response: answers.response };
    },
  },
}));
const { askBeforeClosing, watchWork } = await import('../../../electron/work.ts');

beforeEach(() => Object.assign(answers, { asked: [], response: 0, waiting: null, error: null }));
const busy = { running: 1, waiting: 2, imports: 1 };
const windowOf = () =>
  Object.assign(new EventEmitter(), { destroyed: 0, destroy: vi.fn() }) as never as EventEmitter & {
    destroy: ReturnType<typeof vi.fn>;
  };

describe('what goes on', () => {
  it('is passed on to whoever listens', () => {
    const work = watchWork();
    const heard: unknown[] = [];
    work.onReport((told) => heard.push(told));
    work.report(busy);
    expect(heard).toEqual([busy]);
  });

  it('is asked about before the window closes, and nothing is asked where nothing goes on', async () => {
    const work = watchWork();
    const window = windowOf() as never;
    expect(await work.mayClose(window)).toBe(true);
    expect(answers.asked).toEqual([]);
    work.report(busy);
    expect(await work.mayClose(window)).toBe(true);
    expect(answers.asked[0]).toMatchObject({
      message: 'Close while there is work to do: 1 run that trains, 2 runs that wait and 1 import?',
      detail:
        'Nothing is lost: it goes on when the project is opened again. Training goes on from its last checkpoint. An import begins anew.',
      buttons: ['Close', 'Keep working'],
      defaultId: 1,
      cancelId: 1,
    });
    answers.response = 1;
    expect(await work.mayClose(window)).toBe(false);
  });
});

describe('closing', () => {
  function closing(ending = false) {
    const window = windowOf();
    const work = watchWork();
    work.report(busy);
    askBeforeClosing(window as never, work, () => ending);
    const close = () => {
      const event = { preventDefault: vi.fn() };
      window.emit('close', event);
      return event.preventDefault.mock.calls.length > 0;
    };
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    return { window, close, settled };
  }

  it('is held back until the person has answered, who is asked once', async () => {
    const { window, close, settled } = closing();
    let answer: () => void = () => undefined;
    answers.waiting = new Promise((resolve) => (answer = resolve));
    expect([close(), close()]).toEqual([true, true]);
    await settled();
    expect([answers.asked.length, window.destroy.mock.calls.length]).toEqual([1, 0]);
    answer();
    await settled();
    expect(window.destroy).toHaveBeenCalledOnce();
  });

  it('is given up where work is to go on, and may be asked for again', async () => {
    const { window, close, settled } = closing();
    answers.response = 1;
    close();
    await settled();
    expect(window.destroy).not.toHaveBeenCalled();
    answers.response = 0;
    close();
    await settled();
    expect(window.destroy).toHaveBeenCalledOnce();
  });

  it('goes on where the question cannot be put, and where the program ends from outside', async () => {
    const { window, close, settled } = closing();
    answers.error = new Error('no display');
    close();
    await settled();
    expect(window.destroy).toHaveBeenCalledOnce();
    const ended = closing(true);
    expect(ended.close()).toBe(false);
    expect(answers.asked).toHaveLength(1);
  });
});
