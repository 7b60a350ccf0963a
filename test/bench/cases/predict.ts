/** A kept model answers all pictures of a folder into a CSV file, as `pretext predict` does. */
import { join } from 'node:path';
import { startTensorFlow } from '../../../src/tensor/index.ts';
import { predict } from '../../../src/training/models/predict.ts';
import { serve } from '../protocol.ts';

interface Options {
  /** Folder of the kept model. */
  model: string;
  pictures: string;
  work: string;
}

let options: Options;

await serve<Options>({
  async start(given) {
    options = given;
    await startTensorFlow();
    return {};
  },
  async run(count) {
    const { model, pictures, work } = options;
    const control = { signal: new AbortController().signal, progress: () => Promise.resolve() };
    for (let pass = 0; pass < count; pass++)
      await predict(
        {
          model,
          from: { kind: 'files', paths: [pictures] },
          output: { file: join(work, 'answers.csv'), format: 'csv', overwrite: true, embeddings: false },
          rows: 0,
          pictures: false,
        },
        control,
      );
  },
});
