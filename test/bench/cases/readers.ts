/** Recordings of every format, opened and read through a stretch at a time, as an import does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRecordingFile } from '../../../src/data/recordings/formats.ts';
import { serve } from '../protocol.ts';

interface Options {
  folder: string;
}

const ROWS_AT_ONCE = 16_384;
let path: string;

/** @param take is given each stretch, and where it begins among all values */
async function readThrough(take: (values: Float32Array, begin: number) => void): Promise<void> {
  const recording = await openRecordingFile(path);
  try {
    const [{ length, channels, read }] = recording.tracks as [(typeof recording.tracks)[number]];
    for (let from = 0; from < length; from += ROWS_AT_ONCE)
      take(await read(from, Math.min(length, from + ROWS_AT_ONCE)), from * channels.length);
  } finally {
    await recording.close();
  }
}

await serve<Options>({
  async start({ folder }) {
    path = readFileSync(join(folder, 'path.txt'), 'utf8');
    const bytes = readFileSync(join(folder, 'values.bin'));
    const expected = new Float32Array(Uint8Array.from(bytes).buffer);
    let [values, difference, largest] = [0, 0, 0];
    await readThrough((found, begin) => {
      for (let at = 0; at < found.length; at += 1) {
        const value = expected[begin + at] ?? NaN;
        // What is missing on one side only is as wrong as can be.
        const apart = Number.isNaN(found[at]!) && Number.isNaN(value) ? 0 : Math.abs(found[at]! - value);
        difference = Number.isNaN(apart) ? Infinity : Math.max(difference, apart);
        if (Math.abs(value) > largest) largest = Math.abs(value);
      }
      values += found.length;
    });
    if (values !== expected.length) throw new Error(`${values} values instead of ${expected.length}.`);
    return { values, difference: difference / largest };
  },
  async run(count) {
    for (let pass = 0; pass < count; pass += 1) await readThrough(() => undefined);
  },
});
