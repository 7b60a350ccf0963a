import { describe, expect, it, onTestFinished } from 'vitest';
import { openRecordingFile } from '../../../../src/data/recordings/formats.ts';
import type { Recording } from '../../../../src/data/recordings/recording.ts';
import { expectedRecordings, recordingFile } from '../../../fixtures/recordings/expected.ts';

async function open(name: string): Promise<Recording> {
  const recording = await openRecordingFile(recordingFile(name));
  onTestFinished(() => recording.close());
  return recording;
}

/** As large as a step of a 24 bit number; float32 keeps no more. */
const closeTo = (value: number): number => Math.max(1, Math.abs(value)) * 2e-6;

describe.each(Object.entries(expectedRecordings))('%s', (name, expected) => {
  it('has the values, rates, names and units that its library reads', async () => {
    const { tracks } = await open(name);
    expect(tracks.length).toBe(expected.tracks.length);
    for (const [index, track] of tracks.entries()) {
      const known = expected.tracks[index]!;
      expect(track.rate).toBe(known.rate);
      expect(track.channels).toEqual(known.names.map((one, at) => ({ name: one, unit: known.units[at] })));
      const values = await track.read(0, track.length);
      expect(values.length).toBe(known.values.length);
      for (const [at, value] of known.values.entries()) {
        const found = values[at]!;
        if (value === null) expect(found).toBeNaN();
        else if (!(Math.abs(found - value) <= closeTo(value)))
          expect(`${at}: ${found}`).toBe(`${at}: ${value}`);
      }
    }
  });

  it('gives a stretch as it gives the whole', async () => {
    for (const { length, channels, read } of (await open(name)).tracks) {
      const [from, to] = [Math.floor(length / 3), Math.ceil(length * 0.8)];
      const whole = await read(0, length);
      expect(await read(from, to)).toEqual(whole.slice(from * channels.length, to * channels.length));
      expect(await read(7, 7)).toEqual(new Float32Array(0));
    }
  });

  it('tells events, stretches, labels, person and start', async () => {
    const { events, tracks, subject, start } = await open(name);
    const { stretches } = tracks[0]!;
    if (expected.events) {
      expect(events.map((event) => event.name)).toEqual(expected.events.map(([, , text]) => text));
      for (const [at, [seconds, duration]] of expected.events.entries()) {
        expect(events[at]!.seconds).toBeCloseTo(seconds, 6);
        expect(events[at]!.duration).toBeCloseTo(duration, 6);
      }
    }
    if (expected.stretches)
      expect(stretches.map((one) => [one.start, one.end, one.seconds])).toEqual(expected.stretches);
    if (expected.labels) expect(stretches.map(({ label }) => label)).toEqual(expected.labels);
    if (expected.columns) expect(stretches.map(({ columns }) => columns)).toEqual(expected.columns);
    if (expected.lengths) expect(stretches.map((one) => one.end - one.start)).toEqual(expected.lengths);
    if (expected.subject !== undefined) expect(subject).toBe(expected.subject);
    if (expected.start !== undefined) expect(start).toBe(expected.start);
    expect(stretches.at(-1)!.end).toBe(tracks[0]!.length);
  });
});
