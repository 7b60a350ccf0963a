import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIssueList } from '../../../../../src/data/reading/issues.ts';
import type { ReadRequest } from '../../../../../src/data/reading/types.ts';
import { ShardWriter } from '../../../../../src/data/shards/writer.ts';
import type { RecordedPlan } from '../../../../../src/data/signals/recorded/plan.ts';
import {
  pick,
  rateToReach,
  storeStretches,
  tracksToRead,
} from '../../../../../src/data/signals/recorded/store.ts';
import { folderOf } from '../../../../fixtures/imports.ts';
import { optionsOf, ownOf, recordingOf } from './made.ts';

const planOf = (names: string[], more: Partial<RecordedPlan> = {}): RecordedPlan =>
  ({
    channels: names.map((name) => ({ key: name.toLowerCase(), name, unit: 'µV' })),
    written: names,
    names,
    steps: [],
    rate: 100,
    cut: 'sliding',
    faults: ownOf().faults,
    ...more,
  }) as unknown as RecordedPlan;

describe('the rate', () => {
  it('is kept, unless all are brought to one', () => {
    expect(rateToReach(planOf(['C3']), optionsOf(), recordingOf())).toBeNull();
    expect(rateToReach(planOf(['C3']), optionsOf({ signals: { resampleTo: 50 } }), recordingOf())).toBe(50);
    // A rate that was told is believed.
    expect(
      rateToReach(
        planOf(['C3']),
        optionsOf({ signals: { samplingRate: 100 } }),
        recordingOf([{ rate: 250 }]),
      ),
    ).toBeNull();
  });

  it('of another recording leaves it out', () => {
    expect(() => rateToReach(planOf(['C3']), optionsOf(), recordingOf([{ rate: 250 }]))).toThrow(
      'The file holds 250 Hz, most recordings 100 Hz. Import it as a dataset of its own, or bring all to one rate (resample to).',
    );
  });
});

describe('channels', () => {
  it('are found by name, and brought to one unit', () => {
    const recording = recordingOf([{ names: ['C4', 'C3'], unit: 'mV' }]);
    const [one] = pick(planOf(['C3']), recording, false);
    expect([one!.track, one!.column, Math.round(one!.factor)]).toEqual([0, 1, 1000]);
  });

  it('that are missing, of another rate or of an unknown unit leave a recording out', () => {
    expect(() => pick(planOf(['Oz']), recordingOf(), false)).toThrow('The recording has no channel “Oz”.');
    const rates = recordingOf([{ names: ['C3'] }, { names: ['Temp'], rate: 1 }]);
    expect(() => pick(planOf(['C3', 'Temp']), rates, false)).toThrow(
      'Channel “Temp” was recorded at another rate than “C3”. Bring all to one rate (resample to).',
    );
    expect(pick(planOf(['C3', 'Temp']), rates, true).map(({ track }) => track)).toEqual([0, 1]);
    expect(() => pick(planOf(['C3']), recordingOf([{ unit: '°C' }]), false)).toThrow(
      'Channel “C3” is in °C, in the other recordings in µV.',
    );
  });

  it('are read at the rate that was told', () => {
    const picked = pick(planOf(['C3']), recordingOf(), false);
    expect(tracksToRead(optionsOf({ signals: { samplingRate: 123 } }), recordingOf(), picked).main.rate).toBe(
      123,
    );
    expect(tracksToRead(optionsOf(), recordingOf(), picked).main.rate).toBe(100);
  });
});

async function stored(
  recording: ReturnType<typeof recordingOf>,
  plan: RecordedPlan,
  { length = 10, options = {} } = {},
) {
  const file = join(await folderOf(), 'a.shard');
  const writer = await ShardWriter.create(file);
  onTestFinished(() => writer.discard());
  const issues = createIssueList();
  const shared = optionsOf(options);
  const request = {
    writer,
    issues,
    options: shared,
    signal: new AbortController().signal,
  } as unknown as ReadRequest;
  const found = await storeStretches(
    request,
    plan,
    length,
    'a',
    recording,
    pick(plan, recording, false),
    null,
  );
  const { position } = writer;
  await writer.finish();
  const values = [...new Float32Array(Uint8Array.from((await readFile(file)).subarray(0, position)).buffer)];
  return { ...found, values, issues: issues.all.map(({ message }) => message) };
}

describe('stretches', () => {
  const stretches = [
    { start: 0, end: 2, seconds: 0, label: 'a' },
    { start: 2, end: 5, seconds: 9, label: null, columns: { session: '2' } },
  ];
  it('stand one behind the other', async () => {
    const found = await stored(recordingOf([{ names: ['C3'], length: 5, stretches }]), planOf(['C3']));
    expect([found.rows, found.values]).toEqual([5, [0, 10, 20, 30, 40]]);
    expect(found.stretches).toEqual([
      { start: 0, end: 2, rows: 2, seconds: 0, label: 'a', columns: {}, bad: [], trial: 1 },
      { start: 2, end: 5, rows: 3, seconds: 9, label: null, columns: { session: '2' }, bad: [], trial: 2 },
    ]);
  });

  it('that are whole trials are filled up with zeros', async () => {
    const found = await stored(
      recordingOf([{ names: ['C3'], length: 5, stretches }]),
      planOf(['C3'], { cut: 'whole' }),
      { length: 4 },
    );
    expect(found.values).toEqual([0, 10, 0, 0, 20, 30, 40, 0]);
    expect(found.stretches.map(({ start, end, rows }) => [start, end, rows])).toEqual([
      [0, 4, 2],
      [4, 8, 3],
    ]);
  });

  it('say where values are missing, or hold the last one and note how many', async () => {
    const gap = () => recordingOf([{ names: ['C3'], length: 5, value: (row) => (row === 3 ? NaN : row) }]);
    const left = await stored(gap(), planOf(['C3']));
    expect([left.values, left.stretches[0]!.bad, left.issues]).toEqual([
      [0, 1, 2, 2, 4],
      [{ start: 3, end: 4 }],
      [],
    ]);
    const held = await stored(gap(), planOf(['C3']), { options: { signals: { missing: 'hold' } } });
    expect([held.stretches[0]!.bad, held.issues]).toEqual([
      [],
      ['1 missing values were filled with the last known one.'],
    ]);
  });

  it('have one hash for the same values, and another for others', async () => {
    const digestOf = async (value: (row: number) => number) =>
      (await stored(recordingOf([{ names: ['C3'], length: 5, value }]), planOf(['C3']))).digest;
    expect(await digestOf((row) => row)).toBe(await digestOf((row) => row));
    expect(await digestOf((row) => row)).not.toBe(await digestOf((row) => row + 1));
  });
});
