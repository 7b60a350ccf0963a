import { describe, expect, it } from 'vitest';
import { failureOf, folderOf, importFrom } from '../../../../fixtures/imports.ts';
import { npy } from '../../../../fixtures/recordings/made-npy.ts';

const everything = { split: { by: 'random', validation: 0, test: 0 } };

describe('bad channels and stretches', () => {
  const RATE = 100;
  const rows = 60 * RATE;
  /** Channel 1 flat from 10 s to 12 s; of another recording flat for 50 s. */
  const withFlat = (seconds: number) =>
    npy(
      [rows, 2],
      Array.from({ length: rows }, (_, row) => {
        const isFlat = row >= 10 * RATE && row < (10 + seconds) * RATE;
        return [isFlat ? 7 : Math.sin(row / 3) * 50 + (row % 13), Math.cos(row / 5) * 40 + (row % 7)];
      }).flat(),
    );
  const importWith = async (faults: object, seconds = 2) =>
    importFrom(await folderOf({ 'a.npy': withFlat(seconds) }), {
      ...everything,
      signals: { windowLength: RATE, samplingRate: RATE, resampleTo: 50 },
      options: { faults },
    });

  it('are told with their places and marked in the rows that are stored', async () => {
    const found = await importWith({ badStretches: 'marked' });
    expect(found.sampleCount).toBe(30);
    expect(found.issues).toContainEqual(
      expect.objectContaining({
        severity: 'noted',
        reason: 'flat-stretches',
        message: '1 flat stretch of channels, 2 s in all: channel 1 10 s to 12 s.',
      }),
    );
    expect(found.places).toMatchObject([
      {
        path: 'a.npy',
        start: 0,
        rows: rows / 2,
        marks: [{ kind: 'flat', channel: 'channel 1', start: 500, end: 600 }],
      },
    ]);
  });

  it('cost the windows that touch them where that is asked for', async () => {
    const found = await importWith({ badStretches: 'left-out' });
    expect(found.sampleCount).toBe(29);
    expect(found.issues).toContainEqual(
      expect.objectContaining({ severity: 'left-out', reason: 'windows-in-bad-stretches' }),
    );
  });

  it('are told of a channel as a whole, whose stretches cost nothing unless its recording is left out', async () => {
    const kept = await importWith({ badStretches: 'left-out' }, 45);
    expect(kept.sampleCount).toBe(30);
    expect(kept.issues).toContainEqual(
      expect.objectContaining({
        reason: 'bad-channel',
        message: 'Channel channel 1 is flat in 75 % of the recording.',
      }),
    );
    expect(
      await failureOf(importWith({ badStretches: 'marked', badChannels: 'left-out' }, 45)),
    ).toMatchObject({
      code: 'dataset.empty',
    });
  });

  it('are not looked for unless somebody asks, and change no value', async () => {
    const [plain, marked] = [await importWith({}), await importWith({ badStretches: 'marked' })];
    expect(marked.bytes_).toEqual(plain.bytes_);
    expect(plain.places[0]!.marks).toEqual([]);
  });
});
