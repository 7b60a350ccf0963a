/** Embedding of images as a probe or an export does it: bytes in, features out. */
import { embedEntry } from '../../../src/training/samples/embed.ts';
import { compileProgram, startTensorFlow, type Program } from '../../../src/tensor/index.ts';
import { benchThreads } from '../clock.ts';
import { serve } from '../protocol.ts';
import { benchEncoder, imageShape, noiseBytes, parameterCount } from './network.ts';

interface Options {
  width: number;
  batch: number;
}

let program: Program;
let samples: Uint8Array;

await serve<Options>({
  async start({ width, batch }) {
    await startTensorFlow(benchThreads());
    const encoder = benchEncoder(width);
    const parameters = encoder.parameters(1);
    const embed = embedEntry({
      encoder,
      channelStatistics: { mean: [127, 127, 127], standardDeviation: [64, 64, 64] },
      sample: { shape: [...imageShape], dtype: 'uint8' },
      batchSize: batch,
    });
    program = compileProgram({ ...parameters, ...encoder.statistics() }, { embed });
    samples = noiseBytes(batch * 32 * 32 * 3);
    return { parameters: parameterCount(parameters) };
  },
  async run(count) {
    for (let step = 0; step < count; step++) program.run('embed', { samples });
  },
});
