import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bytesInMemory } from '../../../../../src/data/recordings/bytes.ts';
import { openParquet } from '../../../../../src/data/recordings/formats/parquet.ts';

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];

async function open(columnData: Columns) {
  const recording = await openParquet(
    bytesInMemory(Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 5 }))),
  );
  onTestFinished(() => recording.close());
  return recording;
}
const numbers = (name: string, data: number[]) => ({ name, data, type: 'DOUBLE' as const });
const words = (name: string, data: string[]) => ({ name, data, type: 'STRING' as const });
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('a column a channel', () => {
  it('takes time, channels and labels by their names', async () => {
    const { format, tracks, events, notes } = await open([
      numbers(
        'time_ms',
        upTo(8).map((at) => 4 * at),
      ),
      numbers('x', upTo(8)),
      numbers(
        'y',
        upTo(8).map((at) => -at),
      ),
      words(
        'device',
        upTo(8).map(() => 'left wrist'),
      ),
      words('activity', ['', 'sit', 'sit', 'walk', 'walk', 'walk', '', 'sit']),
    ]);
    expect([format, notes]).toEqual(['Parquet', []]);
    expect(tracks[0]).toMatchObject({ rate: 250, length: 8, stretches: [{ start: 0, end: 8, seconds: 0 }] });
    expect(tracks[0]!.channels.map(({ name }) => name)).toEqual(['x', 'y']);
    expect([...(await tracks[0]!.read(4, 7))]).toEqual([4, -4, 5, -5, 6, -6]);
    // Not the device, which stands before it and is written in words, too.
    expect(events).toEqual([
      { seconds: 0.004, duration: 0.008, name: 'sit' },
      { seconds: 0.012, duration: 0.012, name: 'walk' },
      { seconds: 0.028, duration: 0.004, name: 'sit' },
    ]);
  });

  it('takes labels that are numbers, and a column of words without a name of a label', async () => {
    const classes = await open([numbers('x', [1, 2, 3]), numbers('label', [0, 1, 1])]);
    expect(classes.tracks[0]!.channels.map(({ name }) => name)).toEqual(['x']);
    // No rate: a row counts as a second.
    expect(classes.events).toEqual([
      { seconds: 0, duration: 1, name: '0' },
      { seconds: 1, duration: 2, name: '1' },
    ]);
    const said = await open([numbers('x', [1, 2]), words('what', ['a', 'b'])]);
    expect(said.events.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('finds the rate of dates, and says where times are uneven or stand still', async () => {
    const second = 1000;
    const data = [0, 1, 2, 7, 8].map((at) => new Date(at * second));
    const dated = await open([{ name: 'when', data, type: 'TIMESTAMP' }, numbers('x', upTo(5))]);
    expect(dated.tracks[0]!.rate).toBe(1);
    expect(dated.notes).toEqual(['The times in “when” are uneven: 1 steps of the first 4.']);
    const still = await open([numbers('time', [3, 3, 3]), numbers('x', upTo(3))]);
    expect(still.tracks[0]!.rate).toBeNull();
    expect(still.notes).toEqual(['“time” does not grow, so it says no rate.']);
  });

  it('keeps what is missing as such', async () => {
    const { tracks } = await open([{ name: 'x', data: [1, null, 3], type: 'DOUBLE', nullable: true }]);
    expect([...(await tracks[0]!.read(0, 3))]).toEqual([1, NaN, 3]);
  });
});

describe('a row a value', () => {
  const time = [0, 0, 0.5, 0.5, 1, 1];
  it('reads all channels at each time', async () => {
    const { tracks } = await open([
      numbers('time', time),
      words('channel', ['a', 'b', 'a', 'b', 'a', 'b']),
      numbers('value', [1, 10, 2, 20, 3, 30]),
    ]);
    expect(tracks[0]).toMatchObject({ rate: 2, length: 3, channels: [{ name: 'a' }, { name: 'b' }] });
    expect([...(await tracks[0]!.read(1, 3))]).toEqual([2, 20, 3, 30]);
  });

  it('reads one channel after the other', async () => {
    const { tracks } = await open([
      numbers('seconds', [0, 0.5, 1, 0, 0.5, 1]),
      words('sensor', ['a', 'a', 'a', 'b', 'b', 'b']),
      numbers('reading', [1, 2, 3, 10, 20, 30]),
    ]);
    expect(tracks[0]).toMatchObject({ rate: 2, length: 3 });
    expect([...(await tracks[0]!.read(0, 2))]).toEqual([1, 10, 2, 20]);
  });

  it.each([
    ['a channel is missing at a time', ['a', 'b', 'a', 'b', 'a', 'a']],
    ['channels come in another order', ['a', 'b', 'b', 'a', 'a', 'b']],
    ['blocks are of unlike length', ['a', 'a', 'b', 'b', 'b', 'b']],
    ['there are not as many of each', ['a', 'b', 'c', 'd', 'a', 'b']],
  ])('refuses rows where %s', async (_what, channels) => {
    await expect(open([words('channel', channels), numbers('value', upTo(6))])).rejects.toMatchObject({
      reason: 'uneven',
      message:
        'The rows of “channel” come neither all channels at each time nor one channel after the other: sort the table by time and channel, each channel at every time.',
    });
  });
});

it('says what it misses', async () => {
  await expect(open([words('name', ['a', 'b'])])).rejects.toMatchObject({
    reason: 'empty',
    message: 'The table has no column of numbers.',
  });
  await expect(open([numbers('x', [])])).rejects.toMatchObject({
    reason: 'empty',
    message: 'The table holds no rows.',
  });
  await expect(openParquet(bytesInMemory(Buffer.from('a,b\n1,2\n3,4\n5,6\n')))).rejects.toMatchObject({
    reason: 'wrong-magic',
    message: 'The file does not begin as Parquet does.',
  });
});
