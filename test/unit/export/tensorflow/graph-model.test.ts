import { afterEach, expect, it } from 'vitest';
import * as tfjs from '@tensorflow/tfjs';
import { answersHere, modelGraph } from '../../../../src/export/graph/model-graph.ts';
import { graphModelFiles } from '../../../../src/export/tensorflow/graph-model.ts';
import { tensorFlowNodes } from '../../../../src/export/tensorflow/nodes.ts';
import { startTensorFlow } from '../../../../src/tensor/index.ts';
import {
  exportCases,
  exportedModel,
  exportSamples,
  largestDifference,
} from '../../../fixtures/exported-models.ts';

await startTensorFlow({ threads: 1 });
const native = tfjs.getBackend();

afterEach(() => void tfjs.setBackend(native));

interface ModelFile {
  modelTopology: object;
  signature: object;
  weightsManifest: { paths: string[]; weights: tfjs.io.WeightsManifestEntry[] }[];
}

it.each(exportCases)(
  'is run by TensorFlow.js in plain JavaScript with the same answers: $name',
  async (each) => {
    const model = exportedModel(each);
    const samples = exportSamples(each, 2);
    const here = answersHere(model, samples);
    const files = graphModelFiles(tensorFlowNodes(modelGraph(model)), { note: 'x' }, '0');
    const { weightsManifest, ...described } = JSON.parse(files[0]!.contents as string) as ModelFile;
    const { paths, weights } = weightsManifest[0]!;
    expect(files.slice(1).map(({ path }) => path)).toEqual(paths);
    const bytes = Buffer.concat(files.slice(1).map(({ contents }) => contents as Uint8Array));

    await tfjs.setBackend('cpu');
    const weightData = new Uint8Array(bytes).buffer;
    const artifacts = { ...described, weightSpecs: weights, weightData } as tfjs.io.ModelArtifacts;
    const network = await tfjs.loadGraphModel(tfjs.io.fromMemory(artifacts));
    const input = tfjs.tensor(samples, [2, ...each.inputShape]);
    const names = ['features', 'probabilities'];
    const results = network.execute({ samples: input }, names) as tfjs.Tensor[];
    for (const [index, name] of names.entries())
      expect(largestDifference(results[index]!.dataSync(), here[name]!)).toBeLessThan(1e-4);
    network.dispose();
  },
);

it('puts weights into parts of four mebibytes', () => {
  const values = new Float32Array(2 ** 21);
  const node = {
    op: 'Const',
    name: 'w',
    inputs: [],
    attributes: [],
    constant: { shape: [2 ** 21], dtype: 1, values },
  };
  const files = graphModelFiles({ nodes: [node], signature: { inputs: {}, outputs: {} } }, {}, '0');
  expect(files.map(({ path, contents }) => [path, contents.length]).slice(1)).toEqual([
    ['weights-1of2.bin', 2 ** 22],
    ['weights-2of2.bin', 2 ** 22],
  ]);
});
