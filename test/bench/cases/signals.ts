/** SimCLR on stored windows of signals. */
import { buildEncoder } from '../../../src/learning/encoders/registry.ts';
import { startTensorFlow } from '../../../src/tensor/index.ts';
import type { SignalSetting } from '../benches/signals.ts';
import { benchThreads } from '../clock.ts';
import { serve } from '../protocol.ts';
import { prepareSimclr, type SimclrRun } from './simclr-run.ts';

/** Those of signals.py, whatever the defaults are. */
const VIEWS = {
  cropProbability: 0.8,
  cropMinimum: 0.6,
  scaleProbability: 0.8,
  noiseProbability: 0.5,
  noise: 0.1,
  timeMaskProbability: 0.3,
  timeMask: 0.2,
};

let simclr: SimclrRun;

await serve<SignalSetting & { windows: string }>({
  async start({ width, batch, length, channels, windows, count }) {
    await startTensorFlow(benchThreads());
    const inputShape = [length, channels];
    const choice = { family: 'residual', options: { width, features: 4 * width } };
    const data = {
      encoder: buildEncoder(choice, 'signal', inputShape),
      modality: 'signal' as const,
      inputShape,
      dtype: 'float32' as const,
      channelStatistics: {
        mean: new Array<number>(channels).fill(0),
        standardDeviation: new Array<number>(channels).fill(1),
      },
      file: windows,
      count,
    };
    simclr = await prepareSimclr(data, batch, { signalViews: { ...VIEWS } });
    return { parameters: simclr.parameters };
  },
  run: (count) => simclr.run(count),
});
