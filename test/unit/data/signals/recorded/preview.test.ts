import { describe, expect, it } from 'vitest';
import { previewWishSchema } from '../../../../../src/contract/data/recordings/preparation-preview.ts';
import { importSchema } from '../../../../../src/contract/recipe/recipe.ts';
import { previewPreparation } from '../../../../../src/data/index.ts';
import { recordingFile } from '../../../../fixtures/recordings/expected.ts';
import { failureOf, importFrom } from '../../../../fixtures/imports.ts';

const STEPS = [
  { step: 'band-pass', from: 1, to: 20 },
  { step: 'reference', to: 'average' },
  { step: 'scale', by: 'median', over: 'recording' },
];
const told = (prepare: object) => ({
  signals: { windowLength: 192 },
  options: { labelSource: 'nothing', prepare },
  split: { by: 'random', validation: 0, test: 0 },
});
const preview = (prepare: object, wish: object = {}) =>
  previewPreparation(
    recordingFile('rates.edf'),
    importSchema.parse({ path: '.', ...told(prepare) }),
    previewWishSchema.parse({ from: 0, seconds: 60, points: 1000, ...wish }),
  );

describe('a preview', () => {
  it('ends with what the import stores, to the bit', async () => {
    const found = await preview({ steps: STEPS });
    const imported = await importFrom(recordingFile('rates.edf'), told({ steps: STEPS }));
    const stored = imported.sample('rates.edf rows 1–192');
    expect(found).toMatchObject({ file: 'rates.edf', rate: 64, from: 0, seconds: 3, end: 3, partOf: null });
    const { channels } = found.stages.at(-1)!;
    channels.forEach(({ values }, at) =>
      expect(values).toEqual(stored.filter((_, index) => index % 2 === at)),
    );
  });

  it('shows each step after the other, from what was recorded on', async () => {
    const { stages } = await preview({ steps: STEPS, names: '10-20' });
    expect(stages.map(({ words }) => words)).toEqual([
      null,
      '1 to 20 Hz (Butterworth of order 4, both ways)',
      'measured against the average of all channels',
      'all channels of a recording together to median 0 and distance of the quartiles 1',
    ]);
    const plain = await importFrom(recordingFile('rates.edf'), told({}));
    const [recorded] = stages;
    expect(recorded!.channels.map(({ name }) => name)).toEqual(['Fp1', 'Cz']);
    expect(recorded!.channels[1]!.values).toEqual(
      plain.sample('rates.edf rows 1–192').filter((_, index) => index % 2 === 1),
    );
  });

  it('shows windows that stand by themselves as the import stores them, and nothing between them', async () => {
    const steps = [
      { step: 'high-pass', at: 2 },
      { step: 'scale', over: 'window-channel' },
    ];
    const around = { cut: 'around', eventFrom: -0.125, eventTo: 0.125, otherParts: 'dropped' };
    const options = {
      signals: { classNames: { T1: 'left' } },
      options: { ...around, labelSource: 'events', prepare: { steps } },
      split: { by: 'random', validation: 0, test: 0 },
    };
    const imported = await importFrom(recordingFile('rates.edf'), options);
    // Around 0.25 s, 16 rows.
    expect(imported.samples.sources).toEqual(['rates.edf rows 9–24']);
    const { stages } = await previewPreparation(
      recordingFile('rates.edf'),
      importSchema.parse({ path: '.', ...options }),
      previewWishSchema.parse({ from: 0, seconds: 1, points: 1000 }),
    );
    const { values } = stages.at(-1)!.channels[1]!;
    expect(values.slice(8, 24)).toEqual(
      imported.sample('rates.edf rows 9–24').filter((_, index) => index % 2 === 1),
    );
    expect([...values.slice(0, 8), ...values.slice(24)]).toEqual(Array(48).fill(null));
  });

  it('shows a stretch and some channels, with their peaks', async () => {
    const { stages, from, seconds } = await preview(
      {},
      { from: 2.9, seconds: 1, firstChannel: 1, channels: 1, points: 16 },
    );
    expect({ from, seconds }).toEqual({ from: 2, seconds: 1 });
    const [{ channels, channelCount }] = stages as [(typeof stages)[number]];
    expect([channels.length, channelCount]).toEqual([1, 2]);
    expect(channels[0]!.values).toHaveLength(16);
    expect(Math.max(...channels[0]!.values.map((value) => value ?? NaN))).toBe(channels[0]!.largest);
  });

  it('is refused as the import would be, and for what is not prepared', async () => {
    expect(await failureOf(preview({ steps: [{ step: 'low-pass', at: 40 }] }))).toMatchObject({
      code: 'recordings.filter',
    });
    expect(await failureOf(preview({}, { file: 'other.edf' }))).toMatchObject({
      code: 'recordings.no-preview',
    });
  });
});
