/** The training step of the residual network for images. */
import { startTensorFlow } from '../../../src/tensor/index.ts';
import { precisionOf } from '../../../src/training/step/precision.ts';
import { benchThreads } from '../clock.ts';
import { serve } from '../protocol.ts';
import { prepareClassifierStep, type ClassifierStep } from './classifier-step.ts';
import { benchEncoder, imageShape } from './network.ts';

interface Options {
  width: number;
  batch: number;
  /** Products in 16 bits: bfloat16 on a processor, float16 on a GPU. */
  mixed?: boolean;
}

let training: ClassifierStep;

await serve<Options>({
  async start({ width, batch, mixed = false }) {
    const { device } = await startTensorFlow(benchThreads());
    const precision = precisionOf(mixed ? 'mixed' : 'float32', device);
    training = prepareClassifierStep(benchEncoder(width), imageShape, batch, precision);
    return { parameters: training.parameters };
  },
  run: (count) => Promise.resolve(training.run(count)),
});
