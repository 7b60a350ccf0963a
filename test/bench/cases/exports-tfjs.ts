/** Runs the exported graph models by TensorFlow.js in plain JavaScript: `node exports-tfjs.ts FOLDER`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { largestDifference } from '../../fixtures/exported-models.ts';

interface Case {
  folder: string;
  name: string;
  shape: number[];
  outputs: string[];
}
interface ModelFile {
  modelTopology: object;
  signature: object;
  weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
}

await tf.setBackend('cpu');
const cases = JSON.parse(readFileSync(join(process.argv[2]!, 'cases.json'), 'utf8')) as Case[];
const floats = (file: string) => new Float32Array(new Uint8Array(readFileSync(file)).buffer);
const rows = [];
for (const { folder, name, shape, outputs } of cases) {
  const own = join(folder, 'tfjs');
  const { weightsManifest, ...model } = JSON.parse(
    readFileSync(join(own, 'model.json'), 'utf8'),
  ) as ModelFile;
  const { paths, weights } = weightsManifest[0]!;
  const bytes = Buffer.concat(paths.map((path) => readFileSync(join(own, path))));
  const artifacts = { ...model, weightSpecs: weights, weightData: new Uint8Array(bytes).buffer };
  const network = await tf.loadGraphModel(tf.io.fromMemory(artifacts as tf.io.ModelArtifacts));
  const samples = tf.tensor(floats(join(folder, 'samples.bin')), shape);
  const answers = [network.execute({ samples }, outputs)].flat();
  const differences = outputs.map((output, index) =>
    largestDifference(answers[index]!.dataSync(), floats(join(folder, `${output}.bin`))),
  );
  rows.push({ case: name, outputs, format: 'tfjs', difference: Math.max(...differences) });
}
process.stdout.write(JSON.stringify({ programs: { tfjs: `TensorFlow.js ${tf.version.tfjs}` }, rows }));
