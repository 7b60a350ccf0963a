import { expect, it } from 'vitest';
import type { Recording } from '../../../../../src/data/recordings/recording.ts';
import { markerEvents } from '../../../../../src/data/signals/recorded/marker.ts';

/** A channel and a marker, two rows a second. */
const recordingOf = (
  marker: number[],
  format = 'EDF',
  stretches = [{ start: 0, end: marker.length, seconds: 0 }],
) =>
  ({
    format,
    tracks: [
      {
        rate: 2,
        channels: [
          { name: 'C3', unit: 'µV' },
          { name: 'Status', unit: null },
        ],
        length: marker.length,
        stretches,
        read: async (from: number, to: number) =>
          Float32Array.from(marker.slice(from, to).flatMap((value) => [99, value])),
      },
    ],
  }) as unknown as Recording;

it('makes an event of each stretch of one value; zero and what is missing are nothing', async () => {
  expect(await markerEvents(recordingOf([0, 1, 1, 0, 2, NaN]), 'status', undefined)).toEqual([
    { seconds: 0.5, duration: 1, name: '1' },
    { seconds: 2, duration: 0.5, name: '2' },
  ]);
});

it('ends one that goes on where the recording breaks', async () => {
  const stretches = [
    { start: 0, end: 2, seconds: 0 },
    { start: 2, end: 4, seconds: 30 },
  ];
  expect(await markerEvents(recordingOf([3, 3, 3, 3], 'EDF', stretches), 'Status', undefined)).toEqual([
    { seconds: 0, duration: 1, name: '3' },
    { seconds: 30, duration: 1, name: '3' },
  ]);
});

it('takes the low bits of BioSemi’s status alone', async () => {
  const state = 0x10000;
  expect(await markerEvents(recordingOf([state, state + 5], 'BDF'), 'Status', undefined)).toEqual([
    { seconds: 0.5, duration: 0.5, name: '5' },
  ]);
});

it('counts seconds by a rate that was told, and refuses a channel that is not there', async () => {
  const [event] = await markerEvents(recordingOf([0, 1]), 'Status', 10);
  expect(event).toEqual({ seconds: 0.1, duration: 0.1, name: '1' });
  await expect(markerEvents(recordingOf([1]), 'Trigger', undefined)).rejects.toThrow('no channel “Trigger”');
});
