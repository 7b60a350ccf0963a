import { describe, expect, it } from 'vitest';
import { recordingsOf, lostSeconds } from '../../../../src/service/datasets/belonging.ts';
import { companionsFor } from '../../../../src/service/datasets/companions.ts';
import { getDataset, insertRecordings, type WritableProject } from '../../../../src/project/index.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

/** Windows of 4 values of 2 channels at 2 Hz without overlap: six of a recording with a gap of 100 s behind the third. */
function recorded(project: WritableProject, isRecording = true) {
  const samples = [0, 1, 2, 3, 4, 5].map((at) =>
    sample(at, { byteOffset: at * 32, ...(isRecording && { recording: 0 }) }),
  );
  const { id } = addDataset(project, 'eeg', samples, {
    modality: 'signal',
    shape: [4, 2],
    dtype: 'float32',
    channelNames: ['a', 'b'],
    samplingRate: 2,
    channelStatistics: { mean: [0, 0], standardDeviation: [1, 1] },
  });
  const stored = getDataset(project, id);
  const place = { path: 'one.edf', start: 0, rows: 24, begun: null, subject: null, marks: [] };
  const stretches = [
    { start: 0, end: 12, seconds: 0 },
    { start: 12, end: 24, seconds: 106 },
  ];
  insertRecordings(project, stored.key, 0, [{ ...place, stretches }]);
  return stored;
}

describe('where samples belong', () => {
  it('a gap keeps windows as far apart as they were', async () => {
    const project = temporaryProject();
    const { recordings, times } = await recordingsOf(project, recorded(project));
    expect([...recordings!]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...times!]).toEqual([0, 2, 4, 106, 108, 110]);
  });

  it('recordings without gaps lose nothing', () => {
    const stretches = [{ start: 0, end: 9, seconds: 5 }];
    const lost = lostSeconds([{ byteOffset: 0, rows: 9, stretches }], 8, 2);
    expect(lost(0, 64)).toBe(0);
  });
});

describe('companions of a preview', () => {
  it('follow without crossing the gap, and what is missing is said', async () => {
    const project = temporaryProject();
    const drawn = await companionsFor(
      project,
      recorded(project),
      { task: 'forecasting', options: {}, seed: 1 },
      [0, 1, 2, 3],
    );
    expect(drawn!.positions).toEqual([1, 2, 2, 4]);
    expect([...drawn!.found]).toEqual([1, 1, 0, 1]);
    const none = { task: 'simclr', options: {}, seed: 1 };
    expect(await companionsFor(project, recorded(temporaryProject()), none, [0])).toBeNull();
  });

  it('are refused where nothing says what samples belong to', async () => {
    const project = temporaryProject();
    const stored = recorded(project, false);
    const wish = (task: string) => companionsFor(project, stored, { task, options: {}, seed: 1 }, [0]);
    await expect(wish('forecasting')).rejects.toThrow(/not known to be parts of recordings: eeg/);
    await expect(wish('subject-contrast')).rejects.toThrow(/has no groups: eeg/);
  });
});
