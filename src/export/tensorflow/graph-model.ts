/** A graph model of TensorFlow.js: `model.json` and its weights in parts that browsers keep. */
import { attributeTypes, nativeTypes, type Attribute } from '../../tensor/index.ts';
import type { ExportedFile } from '../model.ts';
import { GRAPH_VERSION } from './saved-model.ts';
import type { TensorFlowConstant, TensorFlowGraph, TensorFlowNode } from './nodes.ts';

/** Browsers keep files of up to this size in their cache. */
const PART_BYTES = 4 * 2 ** 20;

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [nativeTypes.float32]: 'DT_FLOAT',
  [nativeTypes.int32]: 'DT_INT32',
  [nativeTypes.uint8]: 'DT_UINT8',
  [nativeTypes.bool]: 'DT_BOOL',
};
const WEIGHT_TYPES: Readonly<Record<number, string>> = {
  [nativeTypes.float32]: 'float32',
  [nativeTypes.int32]: 'int32',
  [nativeTypes.bool]: 'bool',
};

/** @param texts kept in `model.json` under `userDefinedMetadata` */
export function graphModelFiles(
  { nodes, signature }: TensorFlowGraph,
  texts: Record<string, string>,
  version: string,
): ExportedFile[] {
  const constants = nodes.flatMap(({ name, constant }) => (constant ? [{ name, ...constant }] : []));
  const bytes = Buffer.concat(
    constants.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  );
  const count = Math.max(1, Math.ceil(bytes.length / PART_BYTES));
  const parts = Array.from({ length: count }, (_, index) => ({
    path: `weights-${index + 1}of${count}.bin`,
    contents: new Uint8Array(bytes.subarray(index * PART_BYTES, (index + 1) * PART_BYTES)),
  }));
  const described = (values: Record<string, { source: string; shape: number[] }>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, { source, shape }]) => [
        name,
        { name: source, dtype: 'DT_FLOAT', tensorShape: shapeValue(shape) },
      ]),
    );
  const model = {
    format: 'graph-model',
    generatedBy: `Pretext Studio ${version}`,
    convertedBy: null,
    signature: { inputs: described(signature.inputs), outputs: described(signature.outputs) },
    userDefinedMetadata: texts,
    modelTopology: { node: nodes.map(nodeValue), versions: { producer: GRAPH_VERSION } },
    weightsManifest: [
      {
        paths: parts.map(({ path }) => path),
        weights: constants.map(({ name, shape, dtype }) => ({ name, shape, dtype: WEIGHT_TYPES[dtype] })),
      },
    ],
  };
  return [{ path: 'model.json', contents: `${JSON.stringify(model)}\n` }, ...parts];
}

function nodeValue({ op, name, inputs, attributes, constant }: TensorFlowNode) {
  const attr: Record<string, unknown> = Object.fromEntries(
    attributes.map((attribute) => [attribute.name, attributeValue(attribute)]),
  );
  if (constant) attr['value'] = { tensor: tensorValue(constant) };
  return { name, op, ...(inputs.length > 0 && { input: inputs }), attr };
}

/** 64-bit numbers are text in the JSON of protocol buffers, and bytes are base64. */
function attributeValue({ type, value }: Attribute): unknown {
  if (type === attributeTypes.shape) return { shape: shapeValue(value as number[]) };
  if (Array.isArray(value)) {
    if (type === attributeTypes.float) return { list: { f: value } };
    return type === attributeTypes.bool ? { list: { b: value } } : { list: { i: value.map(String) } };
  }
  if (type === attributeTypes.type) return { type: TYPE_NAMES[value as number] };
  if (type === attributeTypes.bool) return { b: Boolean(value) };
  if (type === attributeTypes.float) return { f: value };
  if (type === attributeTypes.string) return { s: Buffer.from(value as string).toString('base64') };
  return { i: String(value) };
}

const shapeValue = (shape: readonly number[]) => ({ dim: shape.map((side) => ({ size: String(side) })) });

const tensorValue = ({ shape, dtype }: TensorFlowConstant) => ({
  dtype: TYPE_NAMES[dtype],
  tensorShape: shapeValue(shape),
});
