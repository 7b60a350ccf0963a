import { expect, it } from 'vitest';
import { answersHere } from '../../../../src/export/graph/model-graph.ts';
import { torchModule } from '../../../../src/export/pytorch/module.ts';
import { torchLayout, torchName, torchState } from '../../../../src/export/pytorch/weights.ts';
import { startTensorFlow } from '../../../../src/tensor/index.ts';
import {
  exportCases,
  exportedModel,
  exportSamples,
  largestDifference,
} from '../../../fixtures/exported-models.ts';
import { foreignAnswers } from '../answers.ts';

await startTensorFlow({ threads: 1 });

it.each(exportCases)(
  'has the names and shapes that PyTorch’s modules have, and its answers: $name',
  (each) => {
    const model = exportedModel(each);
    const state = torchState(model);
    const pytorch = foreignAnswers[each.name]!.safetensors;
    expect(Object.fromEntries(Object.entries(state).map(([name, { shape }]) => [name, shape]))).toEqual(
      pytorch.state,
    );
    const here = answersHere(model, exportSamples(each, 5).slice(0, (exportSamples(each, 5).length / 5) * 2));
    expect(largestDifference(here['features']!, pytorch.features)).toBeLessThan(1e-4);
    expect(largestDifference(here['probabilities']!, pytorch.probabilities)).toBeLessThan(1e-4);
  },
);

it('turns kernels into PyTorch’s order of axes', () => {
  const values = Float32Array.from({ length: 24 }, (_, at) => at);
  const turn = (name: string, shape: number[]) => torchLayout(name, { shape, dtype: 'float32', values });
  // [1, 2, 3, 4] is [height, width, in, out]; PyTorch: [out, in, height, width].
  const image = turn('encoder/a/kernel', [1, 2, 3, 4]);
  expect(image.shape).toEqual([4, 3, 1, 2]);
  expect(image.values.slice(0, 4)).toEqual(Float32Array.of(0, 12, 4, 16));
  expect(turn('encoder/a/kernel', [2, 3, 4]).shape).toEqual([4, 3, 2]);
  expect(turn('head/kernel', [12, 2]).values.slice(0, 3)).toEqual(Float32Array.of(0, 2, 4));
  const depthwise = turn('encoder/a/depthwise/kernel', [2, 3, 4]);
  expect(depthwise.shape).toEqual([4, 1, 2, 3]);
  expect(depthwise.values.slice(0, 6)).toEqual(Float32Array.of(0, 4, 8, 12, 16, 20));
  expect(turn('encoder/a/depthwise/kernel', [6, 4]).shape).toEqual([4, 1, 6]);
});

it('calls norms, convolutions and scales as PyTorch does', () => {
  expect(torchName('encoder/stem/norm/variance')).toBe('encoder.stem.norm.running_var');
  expect(torchName('encoder/stem/norm/scale')).toBe('encoder.stem.norm.weight');
  expect(torchName('encoder/stage0/block1/scale')).toBe('encoder.stage0.block1.scale');
  expect(torchName('encoder/stage1/reduction/kernel')).toBe('encoder.stage1.reduction.convolution.weight');
});

it('refuses what model.py cannot hold, by name', () => {
  const model = exportedModel(exportCases[0]!);
  expect(() => torchModule({ ...model, encoder: { family: 'strange', options: {} } }, '0')).toThrow(
    /“strange” of images has not been written in PyTorch/,
  );
  expect(() => torchModule(exportedModel(exportCases[0]!, { members: 2 }), '0')).toThrow(
    /averages 2 networks/,
  );
});

it('lets no name of a model end the text that it stands in', () => {
  const text = torchModule({ ...exportedModel(exportCases[0]!), name: 'a"""\nimport os\n\\' }, '0');
  const [, docstring = ''] = text.split('"""');
  expect(docstring).toContain("a'''");
  expect(text.split('"""').length % 2).toBe(1);
});
