/** Writes the views of a whole pretraining to a file: the very ones that this program's own run will make, for the peer. */
import { createWriteStream, readFileSync, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { createBatchOrder } from '../../../src/data/shards/batches.ts';
import { imageViews } from '../../../src/learning/views/image.ts';
import { randomView } from '../../../src/learning/modalities/views.ts';
import {
  childSeed,
  compileProgram,
  seedOf,
  startTensorFlow,
  tf,
  type Program,
} from '../../../src/tensor/index.ts';
import { serve } from '../protocol.ts';
import type { MethodSetting } from '../benches/method-setting.ts';

let program: Program;
let setting: MethodSetting;

await serve<MethodSetting>({
  async start(options) {
    setting = options;
    const { batch, side, mean, deviation, threads } = setting;
    await startTensorFlow({ threads });
    const statistics = { mean: [mean], standardDeviation: [deviation] };
    const views = { modality: 'image' as const, options: imageViews() };
    program = compileProgram(
      {},
      {
        views: {
          inputs: {
            samples: { shape: [batch, side, side, 1], dtype: 'uint8' },
            seed: { shape: [2], dtype: 'int32' },
          },
          run(_, { samples, seed }) {
            const made = setting.viewNames.map((name) =>
              randomView(samples!, childSeed(seed!, name), views, statistics),
            );
            return { state: {}, outputs: { views: tf.stack(made) } };
          },
        },
      },
    );
    return {};
  },
  async run(count) {
    const { batch, side, trained, seed } = setting;
    const size = side * side;
    const images = readFileSync(setting.images);
    const order = createBatchOrder([trained], batch, seed);
    const file: WriteStream = createWriteStream(setting.views);
    const samples = new Uint8Array(batch * size);
    for (let step = 0; step < count; step++) {
      order.position(step).indices.forEach((index, place) => {
        samples.set(images.subarray(index * size, (index + 1) * size), place * size);
      });
      const views = program.run('views', { samples, seed: seedOf(seed, step) })['views']!;
      const bytes = new Uint8Array(views.buffer, views.byteOffset, views.byteLength);
      if (!file.write(bytes.slice())) await once(file, 'drain');
    }
    file.end();
    await once(file, 'close');
  },
});
