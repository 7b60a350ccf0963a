/** Writes the views of a whole pretraining to a file, so that the peer sees what this program's own views make. */
import { createWriteStream, readFileSync, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { createBatchOrder } from '../../../src/data/batches.ts';
import { imageViews } from '../../../src/learning/views/image.ts';
import { randomView } from '../../../src/learning/views/view.ts';
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
            const view = (name: string) => randomView(samples!, childSeed(seed!, name), views, statistics);
            const bytes = tf.clipByValue(tf.round(tf.stack([view('first'), view('second')])), 0, 255);
            return { state: {}, outputs: { views: tf.cast(bytes, 'int32') } };
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
    // Another seed than the runs' own: the same kind of views in another order is all that is meant.
    const order = createBatchOrder([trained], batch, seed + 1000);
    const file: WriteStream = createWriteStream(setting.views);
    const samples = new Uint8Array(batch * size);
    for (let step = 0; step < count; step++) {
      order.position(step).indices.forEach((index, place) => {
        samples.set(images.subarray(index * size, (index + 1) * size), place * size);
      });
      const { views } = program.run('views', { samples, seed: seedOf(seed + 1000, step) });
      if (!file.write(Uint8Array.from(views as Int32Array))) await once(file, 'drain');
    }
    file.end();
    await once(file, 'close');
  },
});
