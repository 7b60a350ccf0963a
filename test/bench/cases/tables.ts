/** Pretraining on rows of a table with a task of this program: steps, or a whole run and then the features of all rows. */
import { readFileSync, writeFileSync } from 'node:fs';
import { statisticsOfColumns } from '../../../src/contract/data/columns.ts';
import { pretextSchema } from '../../../src/contract/recipe/recipe.ts';
import { randomStream } from '../../../src/learning/random.ts';
import { compileProgram, seedOf, startTensorFlow, type Program } from '../../../src/tensor/index.ts';
import { takeArrays } from '../../../src/training/checkpoints/state-arrays.ts';
import { designPretext } from '../../../src/training/pretext/design.ts';
import { createPretextProgram } from '../../../src/training/pretext/program.ts';
import type { TableSetting } from '../benches/tables.ts';
import { benchThreads } from '../clock.ts';
import { serve } from '../protocol.ts';
import { parameterCount } from './network.ts';

const floats = (file: string) => {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};

let setting: TableSetting;
let program: Program;
let rows: Float32Array;
let trained: Int32Array;
let step = 0;
let stream: ReturnType<typeof randomStream>;

await serve<TableSetting>({
  async start(options) {
    setting = options;
    await startTensorFlow({ ...benchThreads(), sideBySide: true });
    rows = floats(setting.rows);
    const bytes = readFileSync(setting.trained);
    trained = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    const { task, seed, batch, columns, width, features, hidden, projection } = setting;
    const design = designPretext({
      pretext: pretextSchema.parse({
        task,
        batchSize: batch,
        weightDecay: setting.weightDecay,
        seed,
        options:
          task === 'scarf'
            ? {
                corruption: setting.corruption,
                temperature: setting.temperature,
                projectionHidden: hidden,
                projectionSize: projection,
              }
            : { corruption: setting.corruption, valueWeight: setting.valueWeight, hidden },
      }),
      encoder: { family: 'plain', options: { width, features, stages: 2, numbers: 'scaled', dropout: 0 } },
      modality: 'table',
      inputShape: [columns.length],
      about: { columns },
      dtype: 'float32',
      channelStatistics: statisticsOfColumns(columns),
      sampleCount: trained.length,
      precision: 'float32',
    });
    program = createPretextProgram(design, compileProgram);
    const first = design.model.parameters(seed);
    const count = parameterCount(first);
    writeFileSync(
      setting.weights,
      JSON.stringify(
        Object.fromEntries(
          Object.entries(takeArrays(first)).map(([name, { shape, values }]) => [
            name,
            { shape, values: [...values] },
          ]),
        ),
      ),
    );
    stream = randomStream(seed, 'batches');
    if (setting.whole) {
      train(setting.whole.steps);
      writeFileSync(setting.whole.output, allFeatures());
    }
    return { parameters: count };
  },
  async run(count) {
    train(count);
  },
});

function train(count: number): void {
  const { batch, seed, learningRate, columns } = setting;
  const width = columns.length;
  const samples = new Float32Array(batch * width);
  for (let done = 0; done < count; done++) {
    for (let at = 0; at < batch; at++) {
      const row = trained[stream.integer(trained.length)]!;
      for (let column = 0; column < width; column++)
        samples[at * width + column] = rows[row * width + column]!;
    }
    program.run('train', { samples, seed: seedOf(seed, step), learningRate, progress: 0 });
    step++;
  }
}

function allFeatures(): Float32Array {
  const { columns, features } = setting;
  const width = columns.length;
  const count = rows.length / width;
  const most = 256;
  const found = new Float32Array(count * features);
  const samples = new Float32Array(most * width);
  for (let first = 0; first < count; first += most) {
    const some = Math.min(most, count - first);
    samples.set(rows.subarray(first * width, (first + some) * width));
    const { features: given } = program.run(`embed/${most}`, { samples });
    found.set(given!.subarray(0, some * features) as Float32Array, first * features);
  }
  return found;
}
