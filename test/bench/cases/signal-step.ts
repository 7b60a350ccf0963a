/** The training step of an encoder for signals. */
import { buildEncoder } from '../../../src/learning/encoders/registry.ts';
import { startTensorFlow } from '../../../src/tensor/index.ts';
import type { SignalStep } from '../benches/encoders.ts';
import { benchThreads } from '../clock.ts';
import { serve } from '../protocol.ts';
import { prepareClassifierStep, type ClassifierStep } from './classifier-step.ts';

let training: ClassifierStep;

await serve<SignalStep>({
  async start({ family, options, length, channels, batch }) {
    await startTensorFlow(benchThreads());
    const shape = [length, channels];
    const encoder = buildEncoder({ family, options }, 'signal', shape);
    training = prepareClassifierStep(encoder, shape, batch, 'float32');
    return { parameters: training.parameters };
  },
  run: (count) => Promise.resolve(training.run(count)),
});
