import { expect, it } from 'vitest';
import { companionsOf } from '../../../../../src/learning/pretext/registry.ts';
import { companionDraw } from '../../../../../src/learning/pretext/parts/companions.ts';
import { cautionOfShort } from '../../../../../src/learning/pretext/parts/short-recordings.ts';
import { randomStream } from '../../../../../src/learning/random.ts';

const context = { modality: 'signal' as const, inputShape: [32, 2], sampleCount: 1000 };
const companions = (task: string, options = {}) => companionsOf(task, options, context)!;
const tasks = [
  'relative-positioning',
  'temporal-shuffling',
  'neighbourhood-coding',
  'neighbour-contrast',
  'predictive-coding',
  'forecasting',
];

/** Whether a sample of one of two recordings of so many windows has all that it needs. */
function isFoundIn(windows: number, task: string, grouped: boolean): boolean {
  const sought = companions(task);
  const count = 2 * windows;
  const belonging = {
    units: Int32Array.from({ length: count }, (_, i) => Math.floor(i / windows)),
    times: Float32Array.from({ length: count }, (_, i) => i % windows),
    windowTime: 1,
    ...(grouped && { groups: new Int32Array(count) }),
  };
  const draw = companionDraw(
    sought,
    belonging,
    Int32Array.from({ length: count }, (_, i) => i),
  );
  const stream = randomStream(1, 'test');
  const tries = Array.from({ length: 300 }, (_, i) => draw(i % count, stream));
  return tries.some((found) => found.every((place) => place !== null));
}

it.each(tasks)('%s tells truly how long recordings must be, with groups and without', (task) => {
  for (const grouped of [false, true]) {
    const span = companions(task).span!;
    const least = grouped ? span.inGroup : span.alone;
    expect(isFoundIn(least, task, grouped)).toBe(true);
    expect(isFoundIn(least - 1, task, grouped)).toBe(false);
    const caution = (windowsEach: number) => cautionOfShort(companions(task), { windowsEach, grouped });
    expect(caution(least - 0.5)).toContain(`recordings of ${least} windows or more`);
    expect(caution(least) ?? '').not.toContain('or more:');
  }
});

it('says of tasks made for slow states that recordings are short, as long as they are', () => {
  const caution = (task: string, windowsEach: number, grouped = true) =>
    cautionOfShort(companions(task), { windowsEach, grouped });
  const made =
    'It is made for long recordings that go through slow states (sleep, activity, wear), and half of the recordings hold 93 windows or fewer.';
  expect(caution('relative-positioning', 93.7)).toBe(
    `${made} Windows that are far are taken from other recordings of the same group as well; compare it with another task.`,
  );
  expect(caution('relative-positioning', 93.7, false)).toBe(
    `${made} Import them with a group that several of them share (subject, session), whose other recordings can give windows that are far; compare it with another task.`,
  );
  expect(caution('relative-positioning', 960)).toBeNull();
  expect(caution('forecasting', 93.7)).toBeNull();
  expect(caution('forecasting', 1.5)).toBe(
    'It needs a window that begins where it ends, so recordings of 2 windows or more: half of the recordings hold 1 window or fewer. Use shorter windows, or another task.',
  );
});

it('asks nothing of tasks that draw from groups', () => {
  expect(cautionOfShort(companions('subject-contrast'), { windowsEach: 1, grouped: true })).toBeNull();
});
