import { describe, expect, it } from 'vitest';
import { prepareField } from '../../../../../src/contract/data/recordings/preparation.ts';
import {
  previewWishSchema,
  type PreviewWish,
} from '../../../../../src/contract/data/recordings/preparation-preview.ts';
import { noPreview, placeOf, stagesOf } from '../../../../../src/data/signals/preparation/stages.ts';
import { stepsOf } from '../../../../../src/data/signals/preparation/steps.ts';

const wish = (more: object = {}): PreviewWish =>
  previewWishSchema.parse({ from: 0, seconds: 1, points: 1000, ...more });

describe('the place that is shown', () => {
  const stretches = [
    { start: 0, end: 100, seconds: 0 },
    { start: 100, end: 200, seconds: 30 },
  ];
  const place = (more: object) => placeOf(stretches, 10, { ...wish(), ...more } as PreviewWish);
  it('lies within one stretch, moved so that all fits', () => {
    expect(place({ from: 4, seconds: 2 })).toEqual({ at: 0, end: 40, from: 4 });
    expect(place({ from: 9.5, seconds: 2 })).toEqual({ at: 0, end: 40, from: 8 });
    expect(place({ from: 35, seconds: 2 })).toEqual({ at: 1, end: 40, from: 35 });
    expect(place({ from: 999, seconds: 2 })).toEqual({ at: 1, end: 40, from: 38 });
    // In a gap the stretch before it is shown.
    expect(place({ from: 20, seconds: 2 })).toEqual({ at: 0, end: 40, from: 8 });
    expect(place({ from: 31, seconds: 60 })).toEqual({ at: 1, end: 40, from: 30 });
  });

  it('is the middle where none is wished for', () => {
    expect(
      placeOf([{ start: 0, end: 100, seconds: 0 }], 10, {
        ...wish(),
        from: undefined,
        seconds: 4,
      } as unknown as PreviewWish),
    ).toEqual({ at: 0, end: 10, from: 3 });
  });
});

describe('stages', () => {
  const steps = (...list: object[]) =>
    stepsOf(prepareField.parse({ steps: list }), { rate: 100, names: ['a', 'b'] });
  /** 1, 2, 3, 4 and ten times that. */
  const values = Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40);
  const staged = (
    list: ReturnType<typeof steps>,
    more: object = {},
    windows: { start: number; rows: number }[] = [],
  ) =>
    stagesOf(
      {
        stretches: [values.slice()],
        names: ['a', 'b'],
        steps: list,
        shown: { stretch: 0, from: 0, to: 4 },
        windows: () => Promise.resolve(windows),
      },
      wish(more),
    );

  it('begin with what was recorded, and tell range and deviation of each channel', async () => {
    const [recorded] = await staged([]);
    expect(recorded).toMatchObject({ words: null, why: null, channelCount: 2 });
    expect(recorded!.channels[0]).toEqual({
      name: 'a',
      values: [1, 2, 3, 4],
      smallest: 1,
      largest: 4,
      deviation: Math.sqrt(1.25),
    });
  });

  it('show each step after the other, over the whole recording', async () => {
    const stages = await staged(steps({ step: 'detrend', by: 'mean' }));
    expect(stages).toHaveLength(2);
    expect(stages[1]!.channels.map((one) => one.values)).toEqual([
      [-1.5, -0.5, 0.5, 1.5],
      [-15, -5, 5, 15],
    ]);
  });

  it('show windows that stand by themselves, and nothing where none lies', async () => {
    const list = steps({ step: 'scale', over: 'window-channel' });
    const stages = await staged(list, {}, [{ start: 0, rows: 2 }]);
    // 1 and 2 to mean 0 and deviation 1.
    expect(stages.at(-1)!.channels[0]!.values.map((value) => value && Number(value.toFixed(3)))).toEqual([
      -1,
      1,
      null,
      null,
    ]);
  });

  it('show the channels that are asked for', async () => {
    const [recorded] = await staged([], { firstChannel: 1, channels: 1 });
    expect([recorded!.channelCount, recorded!.channels.map(({ name }) => name)]).toEqual([2, ['b']]);
  });

  it('know nothing of values that are missing', async () => {
    const [recorded] = await stagesOf(
      {
        stretches: [Float32Array.of(NaN, NaN)],
        names: ['a'],
        steps: [],
        shown: { stretch: 0, from: 0, to: 2 },
        windows: () => Promise.resolve([]),
      },
      wish(),
    );
    expect(recorded!.channels[0]).toEqual({
      name: 'a',
      values: [null, null],
      smallest: 0,
      largest: 0,
      deviation: 0,
    });
  });
});

it('says what cannot be shown', () => {
  expect(noPreview('a.edf', 'It is cut off.').failure).toEqual({
    code: 'recordings.no-preview',
    message: '“a.edf” cannot be shown: It is cut off.',
    place: 'a.edf',
    remedy: 'Choose another recording.',
  });
});
