/** A model as one ONNX file, batches of any size, weights inside. */
import { PretextError } from '../../contract/errors.ts';
import type { ModelGraph } from '../graph/batch.ts';
import { INPUT } from '../graph/model-graph.ts';
import { OnnxBuilder } from './builder.ts';
import { encodeOnnx, onnxTypes } from './messages.ts';
import { translate } from './operations.ts';

export const OPSET = 17;
/** Of a protocol buffer; more would need a file of weights beside it. */
const LARGEST_BYTES = 2 ** 31 - 2 ** 20;

export interface OnnxTexts {
  name: string;
  description: string;
  version: string;
  /** Kept in the file: preparation, classes. */
  metadata: Readonly<Record<string, string>>;
}

export function onnxFile(graph: ModelGraph, { name, description, version, metadata }: OnnxTexts): Uint8Array {
  const bytes = Object.values(graph.weights).reduce((sum, { values }) => sum + values.byteLength, 0);
  if (bytes > LARGEST_BYTES) throw tooLarge(bytes);
  const shape = graph.inputs[INPUT]!.shape;
  const onnx = new OnnxBuilder(graph.weights, { name: INPUT, shape });
  for (const node of graph.nodes) translate(node, onnx);
  const outputs = Object.entries(graph.outputs).map(([output, { source, shape: sides }]) => {
    onnx.nodes.push({ op: 'Identity', inputs: [onnx.value(source)], outputs: [output], attributes: {} });
    return { name: output, type: onnxTypes.float32, shape: ['batch', ...sides.slice(1)] };
  });
  return encodeOnnx({
    producer: { name: 'Pretext Studio', version },
    opset: OPSET,
    name,
    description,
    nodes: onnx.nodes,
    tensors: onnx.tensors,
    inputs: [{ name: INPUT, type: onnxTypes.float32, shape: ['batch', ...shape.slice(1)] }],
    outputs,
    metadata,
  });
}

function tooLarge(bytes: number): PretextError {
  return new PretextError({
    code: 'export.too-large',
    message: `The model's weights take ${(bytes / 2 ** 30).toFixed(1)} GiB; one file of this format holds 2 GiB.`,
    remedy: 'Export it as safetensors.',
  });
}
