import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { expect, it } from 'vitest';
import { answersHere, modelGraph } from '../../../../src/export/graph/model-graph.ts';
import { OnnxBuilder } from '../../../../src/export/onnx/builder.ts';
import { onnxFile } from '../../../../src/export/onnx/file.ts';
import { encodeOnnx } from '../../../../src/export/onnx/messages.ts';
import { translate, translatedOperations } from '../../../../src/export/onnx/operations.ts';
import { startTensorFlow } from '../../../../src/tensor/index.ts';
import {
  exportCases,
  exportedModel,
  exportSamples,
  largestDifference,
} from '../../../fixtures/exported-models.ts';
import { foreignAnswers } from '../answers.ts';

await startTensorFlow({ threads: 1 });

/** Fields of a message by their numbers, as they stand in the bytes. */
function fieldsOf(bytes: Uint8Array): Map<number, (number | Uint8Array)[]> {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, (number | Uint8Array)[]>();
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    const value =
      wire === WireType.Varint
        ? Number(reader.int64())
        : wire === WireType.Bit32
          ? reader.float()
          : reader.bytes();
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}
const text = (value: number | Uint8Array | undefined) => Buffer.from(value as Uint8Array).toString();
const inner = (fields: Map<number, (number | Uint8Array)[]>, field: number) =>
  (fields.get(field) ?? []).map((value) => fieldsOf(value as Uint8Array));

const texts = { name: 'n', description: 'd', version: '0', metadata: { key: 'value' } };

it.each(exportCases)('ONNX Runtime answered as this program does: $name', (each) => {
  const samples = exportSamples(each, 5);
  const here = answersHere(exportedModel(each), samples.slice(0, (samples.length / 5) * 2));
  const runtime = foreignAnswers[each.name]!.onnx;
  expect(largestDifference(here['features']!, runtime.features)).toBeLessThan(1e-4);
  expect(largestDifference(here['probabilities']!, runtime.probabilities)).toBeLessThan(1e-4);
});

it.each(exportCases)('reads only what is there already, and weights under their own names: $name', (each) => {
  const model = exportedModel(each);
  const file = fieldsOf(onnxFile(modelGraph(model), texts));
  const [graph] = inner(file, 7);
  const there = new Set([...inner(graph!, 5).map((tensor) => text(tensor.get(8)![0])), 'samples']);
  for (const node of inner(graph!, 1)) {
    for (const input of node.get(1) ?? []) expect(there).toContain(text(input));
    for (const output of node.get(2)!) {
      expect(there).not.toContain(text(output));
      there.add(text(output));
    }
  }
  expect([...there]).toContain('features');
  expect([...there]).toContain('probabilities');
  expect([...there]).toContain('head/kernel');
});

it('states its opset and batches of any size', () => {
  const file = fieldsOf(onnxFile(modelGraph(exportedModel(exportCases[0]!)), texts));
  expect(file.get(1)).toEqual([8]);
  expect(inner(file, 8).map((opset) => [text(opset.get(1)![0]), opset.get(2)![0]])).toEqual([['', 17]]);
  const [graph] = inner(file, 7);
  const [input] = inner(graph!, 11);
  const sides = inner(inner(inner(inner(input!, 2)[0]!, 1)[0]!, 2)[0]!, 1);
  expect(sides.map((side) => (side.has(2) ? text(side.get(2)![0]) : side.get(1)![0]))).toEqual([
    'batch',
    27,
    28,
    1,
  ]);
});

it('writes nodes, attributes and tensors as the schema numbers them', () => {
  const bytes = encodeOnnx({
    producer: { name: 'p', version: '1' },
    opset: 17,
    name: 'g',
    description: '',
    nodes: [
      {
        op: 'Op',
        inputs: ['x', 'w'],
        outputs: ['y'],
        attributes: { whole: 3, real: { float: 0.5 }, list: [1, -2], word: 'NOTSET' },
      },
    ],
    tensors: [{ name: 'w', shape: [2], type: 1, bytes: new Uint8Array(Float32Array.of(1, 2).buffer) }],
    inputs: [],
    outputs: [],
    metadata: {},
  });
  const [graph] = inner(fieldsOf(bytes), 7);
  const [node] = inner(graph!, 1);
  const attributes = inner(node!, 5).map((each) => [
    text(each.get(1)![0]),
    each.get(20)![0],
    each.get(3)?.[0] ?? each.get(2)?.[0] ?? each.get(8) ?? text(each.get(4)![0]),
  ]);
  // Types of attributes: FLOAT 1, INT 2, STRING 3, INTS 7.
  expect(attributes).toEqual([
    ['whole', 2, 3],
    ['real', 1, 0.5],
    ['list', 7, [1, -2]],
    ['word', 3, 'NOTSET'],
  ]);
  const [tensor] = inner(graph!, 5);
  expect(tensor!.get(1)).toEqual([2]);
  expect(tensor!.get(2)).toEqual([1]);
  expect(new Float32Array(new Uint8Array(tensor!.get(9)![0] as Uint8Array).buffer)).toEqual(
    Float32Array.of(1, 2),
  );
});

it('refuses an operation without a translation by its name', () => {
  const onnx = new OnnxBuilder({}, { name: 'samples', shape: [2, 3] });
  const node = { op: 'Cholesky', name: 'c', inputs: [], attributes: [], outputs: [] };
  expect(translatedOperations).not.toContain('Cholesky');
  expect(() => translate(node, onnx)).toThrow(/uses the operation Cholesky/);
});

it('translates what masks bands that a picture lacks', () => {
  const each = exportCases.find(({ modality, inputShape }) => modality === 'image' && inputShape[2] === 3)!;
  const model = { ...exportedModel(each), about: { mayMiss: true } };
  expect(onnxFile(modelGraph(model), texts).length).toBeGreaterThan(1000);
  const samples = exportSamples(each, 1).map((value, at) => (at % 3 === 1 ? 0 : value));
  const { mean } = model.channelStatistics;
  // Filled with its mean, the missing band is 0 once it is normalised.
  const filled = samples.map((value, at) => (at % 3 === 1 ? mean[1]! : value));
  const [masked, plain] = [answersHere(model, samples), answersHere(exportedModel(each), filled)];
  expect(largestDifference(masked['features']!, plain['features']!)).toBeLessThan(1e-5);
});
