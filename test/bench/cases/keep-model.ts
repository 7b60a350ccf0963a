/**
 * A kept model and its export for PyTorch, of one network with weights that a seed gives:
 * `node keep-model.ts FOLDER SIDE WIDTH`. It knows training samples, as kept models do.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODEL_FILE, referenceFile, type Model } from '../../../src/contract/model/model.ts';
import { writeFolder } from '../../../src/machine/whole-folder.ts';
import { exportModel } from '../../../src/export/formats.ts';
import { exportedModelOf } from '../../../src/export/kept-model.ts';
import { measureNovelty } from '../../../src/learning/evaluation/predictions/novelty.ts';
import { randomStream } from '../../../src/learning/random.ts';
import { startTensorFlow } from '../../../src/tensor/index.ts';
import { writeCheckpoint } from '../../../src/training/checkpoints/file.ts';
import { takeArrays } from '../../../src/training/checkpoints/state-arrays.ts';
import { networkOf } from '../../../src/training/models/answer.ts';
import { modelNote } from '../../fixtures/models.ts';
import { encoderOptions } from './network.ts';

const REFERENCES = 2000;
const [folder, side, width] = [process.argv[2]!, Number(process.argv[3]), Number(process.argv[4])];

await startTensorFlow({ threads: 1 });
const kept = join(folder, 'kept');
mkdirSync(kept, { recursive: true });
const shape = [side, side, 3];
const { model: plain } = modelNote('aaaaaaaaaa-1');
const described: Model = {
  ...plain,
  inputShape: shape,
  encoder: { family: 'residual', options: encoderOptions(width) },
  head: { kind: 'classes', classNames: Array.from({ length: 10 }, (_, id) => `class ${id}`) },
  channelStatistics: { mean: [127, 127, 127], standardDeviation: [64, 64, 64] },
  preparation: { ...plain.preparation, stored: { shape, dtype: 'uint8' } },
};
const network = networkOf(described);
const weights = takeArrays({ ...network.parameters(1), ...network.statistics() });
const part = await writeCheckpoint(join(kept, 'weights.safetensors'), { tensors: weights, metadata: {} });
const columns = 8 * width;
const stream = randomStream(1, 'features');
const values = Float32Array.from({ length: REFERENCES * columns }, () => stream.normal());
const count = (array: Int32Array) => ({ shape: [array.length], dtype: 'int32' as const, values: array });
const reference = await writeCheckpoint(join(kept, referenceFile()), {
  tensors: {
    features: { shape: [REFERENCES, columns], dtype: 'float32', values },
    sample: count(Int32Array.from({ length: REFERENCES }, (_, i) => i)),
    target: count(Int32Array.from({ length: REFERENCES }, (_, i) => i % 10)),
  },
  metadata: {},
});
const model: Model = {
  ...described,
  members: [{ file: 'weights.safetensors', ...part, seed: 1, scale: null }],
  reference: {
    file: referenceFile(),
    ...reference,
    samples: REFERENCES,
    ...measureNovelty({ values, rows: REFERENCES, columns })!,
  },
};
writeFileSync(join(kept, MODEL_FILE), JSON.stringify(model));
await writeFolder(
  join(folder, 'exported'),
  exportModel(exportedModelOf(model, [weights]), 'safetensors', '0.0.0'),
);
