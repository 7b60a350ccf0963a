import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answersHere, modelGraph } from '../../../../src/export/graph/model-graph.ts';
import { tensorFlowNodes } from '../../../../src/export/tensorflow/nodes.ts';
import { encodeSavedModel } from '../../../../src/export/tensorflow/saved-model.ts';
import type { ExportedModel } from '../../../../src/export/model.ts';
import { nativeBackend, nativeTypes } from '../../../../src/tensor/backend.ts';
import { startTensorFlow } from '../../../../src/tensor/index.ts';
import {
  exportCases,
  exportedModel,
  exportSamples,
  largestDifference,
} from '../../../fixtures/exported-models.ts';

await startTensorFlow({ threads: 1 });

/** Loads the file with TensorFlow's own reader of SavedModels and asks it for all outputs. */
function answersOfTensorFlow(model: ExportedModel, samples: Float32Array, count: number) {
  const { binding } = nativeBackend();
  const graph = tensorFlowNodes(modelGraph(model));
  const folder = mkdtempSync(join(tmpdir(), 'pretext-saved-model-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(graph));
    const session = binding.loadSavedModel(folder, 'serve,');
    const input = binding.createTensor([count, ...model.inputShape], nativeTypes.float32, samples);
    const { inputs, outputs } = graph.signature;
    const names = Object.keys(outputs);
    const results = binding.runSavedModel(
      session,
      [input],
      inputs['samples']!.source,
      names.map((name) => outputs[name]!.source).join(','),
    );
    const answers = Object.fromEntries(
      results.map(({ id, shape }, index) => {
        const values = binding.tensorDataSync(id) as Float32Array;
        binding.deleteTensor(id);
        return [names[index]!, { shape, values }];
      }),
    );
    binding.deleteTensor(input);
    binding.deleteSavedModel(session);
    return answers;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.each(exportCases)('answers as here, for a batch of another size than it was traced for: $name', (each) => {
  const model = exportedModel(each);
  const samples = exportSamples(each, 5);
  const here = answersHere(model, samples);
  const there = answersOfTensorFlow(model, samples, 5);
  expect(Object.keys(there)).toEqual(['features', 'probabilities']);
  expect(there['probabilities']!.shape).toEqual([5, 3]);
  for (const [name, { values }] of Object.entries(there))
    expect(largestDifference(values, here[name]!)).toBeLessThan(1e-4);
});

it('holds operations of TensorFlow alone', () => {
  const { nodes } = tensorFlowNodes(modelGraph(exportedModel(exportCases[1]!)));
  expect(nodes.filter(({ op }) => op.startsWith('Pretext') || op.startsWith('_'))).toEqual([]);
  expect(nodes.filter(({ op }) => op === 'Conv2D').length).toBeGreaterThan(3);
});

it('averages the answers of several members before they are calibrated', () => {
  const each = exportCases[0]!;
  const model = exportedModel(each, { members: 3 });
  const samples = exportSamples(each, 4);
  const alone = model.members.map((member) => {
    const own = {
      ...model,
      members: [member],
      head: { ...model.head!, temperature: 1 } as typeof model.head,
    };
    return answersHere(own, samples)['probabilities']!;
  });
  const wanted = alone[0]!.map((_, at) => (alone[0]![at]! + alone[1]![at]! + alone[2]![at]!) / 3);
  const powers = wanted.map((probability) => probability ** (1 / 1.5));
  const calibrated = powers.map((power, at) => {
    const row = powers.slice(at - (at % 3), at - (at % 3) + 3);
    return power / row.reduce((sum, value) => sum + value, 0);
  });
  const there = answersOfTensorFlow(model, samples, 4);
  expect(largestDifference(there['probabilities']!.values, calibrated)).toBeLessThan(1e-5);
});

it('gives numbers in their own unit, and features alone without a head', () => {
  const each = exportCases[0]!;
  const samples = exportSamples(each, 3);
  const number = exportedModel(each, { head: { kind: 'number' } });
  const raw = exportedModel(each, { head: { kind: 'number' } });
  const plain = {
    ...raw,
    members: raw.members.map((member) => ({ ...member, scales: [{ mean: 0, deviation: 1 }] })),
  };
  const there = answersOfTensorFlow(number, samples, 3)['number']!;
  expect(there.shape).toEqual([3, 1]);
  const standard = answersHere(plain, samples)['number']!;
  expect(
    largestDifference(
      there.values,
      standard.map((value) => 3 * value + 20),
    ),
  ).toBeLessThan(1e-4);

  const encoder = exportedModel(each, { head: null });
  expect(Object.keys(answersOfTensorFlow(encoder, samples, 3))).toEqual(['features']);
});
