/** SimCLR on stored images. */
import { startTensorFlow } from '../../../src/tensor/index.ts';
import { benchThreads } from '../clock.ts';
import { serve } from '../protocol.ts';
import { benchEncoder, imageShape } from './network.ts';
import { prepareSimclr, type SimclrRun } from './simclr-run.ts';

interface Options {
  width: number;
  batch: number;
  images: string;
  count: number;
  blur: boolean;
}

let simclr: SimclrRun;

await serve<Options>({
  async start({ width, batch, images, count, blur }) {
    await startTensorFlow(benchThreads());
    const data = {
      encoder: benchEncoder(width),
      modality: 'image' as const,
      inputShape: [...imageShape],
      dtype: 'uint8' as const,
      channelStatistics: { mean: [127, 127, 127], standardDeviation: [64, 64, 64] },
      file: images,
      count,
    };
    simclr = await prepareSimclr(data, batch, { imageViews: { blurProbability: blur ? 0.5 : 0 } });
    return { parameters: simclr.parameters };
  },
  run: (count) => simclr.run(count),
});
