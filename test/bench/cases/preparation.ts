/** Steps of a preparation over values in memory, as an import carries them out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareField } from '../../../src/contract/data/recordings/preparation.ts';
import { groundInMemory } from '../../../src/data/signals/preparation/ground.ts';
import { partedSteps, stepsOf, type Step } from '../../../src/data/signals/preparation/steps.ts';
import { prepareWindow } from '../../../src/data/signals/preparation/windows-apart.ts';
import { createResampler, RecordingResampler } from '../../../src/data/signals/resample.ts';
import { serve } from '../protocol.ts';

interface Options {
  folder: string;
  steps: object[];
  resampleTo?: number;
}

const CHANNELS = 32;
const RATE = 200;
let input: Float32Array;
let work: () => Promise<Float32Array>;

const floats = (path: string) => new Float32Array(Uint8Array.from(readFileSync(path)).buffer);

function together(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

/** Windows of two seconds, each by itself. */
function byWindows(values: Float32Array, steps: readonly Step[]): Promise<Float32Array[]> {
  const size = 2 * RATE * CHANNELS;
  return Promise.all(
    Array.from({ length: values.length / size }, (_, at) =>
      prepareWindow(values.slice(at * size, (at + 1) * size), CHANNELS, 2 * RATE, steps),
    ),
  );
}

await serve<Options>({
  async start({ folder, steps: told, resampleTo }) {
    input = floats(join(folder, 'input.bin'));
    const names = Array.from({ length: CHANNELS }, (_, at) => `E${at + 1}`);
    const steps = stepsOf(prepareField.parse({ steps: told }), { rate: RATE, names });
    work = async () => {
      if (resampleTo !== undefined) {
        const resampler = new RecordingResampler(createResampler(resampleTo, RATE), CHANNELS);
        return together([resampler.push(input), resampler.finish()]);
      }
      const { recording, window } = partedSteps(steps);
      const ground = groundInMemory([input.slice()], CHANNELS);
      for (const step of recording) await step.apply(ground);
      return window.length === 0 ? ground.values[0]! : together(await byWindows(ground.values[0]!, window));
    };
    const [found, expected] = [await work(), floats(join(folder, 'expected.bin'))];
    if (found.length !== expected.length)
      throw new Error(`${found.length} values instead of ${expected.length}.`);
    let [difference, largest] = [0, 0];
    for (let at = 0; at < found.length; at += 1) {
      const apart = Math.abs(found[at]! - expected[at]!);
      difference = Number.isNaN(apart) ? Infinity : Math.max(difference, apart);
      largest = Math.max(largest, Math.abs(expected[at]!));
    }
    return { values: input.length, difference: difference / largest };
  },
  async run(count) {
    for (let pass = 0; pass < count; pass += 1) await work();
  },
});
