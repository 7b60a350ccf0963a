/**
 * TensorFlow's SavedModel (tensorflow/core/protobuf/saved_model.proto): one file with the graph and its weights, made
 * of operations that every TensorFlow 2 has.
 *
 * The numbers are those of the fields in that schema.
 */
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { WIRE, integer, message, text, type Write } from '../protobuf.ts';
import { PretextError } from '../../contract/errors.ts';
import { attributeTypes, nativeTypes, type Attribute } from '../../tensor/index.ts';
import type { TensorFlowConstant, TensorFlowGraph, TensorFlowNode, TensorFlowSignature } from './nodes.ts';

/** A graph without a recent version number gets the semantics that operations had years ago. */
export const GRAPH_VERSION = 1482;
const LARGEST_BYTES = 2 ** 31 - 2 ** 20;

const entry = (writer: BinaryWriter, field: number, key: string, value: Write) =>
  message(writer, field, (pair) => {
    text(pair, 1, key);
    message(pair, 2, value);
  });

/** The bytes of `saved_model.pb`, with the signature `serving_default`. */
export function encodeSavedModel({ nodes, signature }: TensorFlowGraph): Uint8Array {
  const bytes = nodes.reduce((sum, { constant }) => sum + (constant?.values.byteLength ?? 0), 0);
  if (bytes > LARGEST_BYTES)
    throw new PretextError({
      code: 'export.too-large',
      message: `The model's weights take ${(bytes / 2 ** 30).toFixed(1)} GiB; one file of this format holds 2 GiB.`,
      remedy: 'Export it as safetensors.',
    });
  const writer = new BinaryWriter();
  integer(writer, 1, 1);
  message(writer, 2, (meta) => {
    message(meta, 1, (info) => text(info, 4, 'serve'));
    message(meta, 2, (graph) => writeGraph(graph, nodes));
    entry(meta, 5, 'serving_default', (own) => writeSignature(own, signature));
  });
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, nodes: readonly TensorFlowNode[]): void {
  for (const node of nodes) message(writer, 1, (each) => writeNode(each, node));
  message(writer, 4, (versions) => integer(versions, 1, GRAPH_VERSION));
}

function writeNode(writer: BinaryWriter, { op, name, inputs, attributes, constant }: TensorFlowNode): void {
  text(writer, 1, name);
  text(writer, 2, op);
  for (const input of inputs) text(writer, 3, input);
  for (const attribute of attributes) entry(writer, 5, attribute.name, (own) => writeValue(own, attribute));
  if (constant)
    entry(writer, 5, 'value', (own) => message(own, 8, (tensor) => writeTensor(tensor, constant)));
}

function writeValue(writer: BinaryWriter, { type, value }: Attribute): void {
  if (type === attributeTypes.shape) message(writer, 7, (shape) => writeShape(shape, value as number[]));
  else if (Array.isArray(value)) message(writer, 1, (list) => writeList(list, type, value as number[]));
  else if (type === attributeTypes.type) writer.tag(6, WIRE.varint).int32(value as number);
  else if (type === attributeTypes.bool) writer.tag(5, WIRE.varint).bool(Boolean(value));
  else if (type === attributeTypes.float) writer.tag(4, WIRE.bits32).float(value as number);
  else if (type === attributeTypes.string) writer.tag(2, WIRE.bytes).bytes(Buffer.from(value as string));
  else integer(writer, 3, value as number);
}

function writeList(writer: BinaryWriter, type: number, values: readonly number[]): void {
  for (const value of values) {
    if (type === attributeTypes.float) writer.tag(4, WIRE.bits32).float(value);
    else if (type === attributeTypes.bool) writer.tag(5, WIRE.varint).bool(Boolean(value));
    else integer(writer, 3, value);
  }
}

function writeShape(writer: BinaryWriter, shape: readonly number[]): void {
  for (const side of shape) message(writer, 2, (dimension) => integer(dimension, 1, side));
}

function writeTensor(writer: BinaryWriter, { shape, dtype, values }: TensorFlowConstant): void {
  writer.tag(1, WIRE.varint).int32(dtype);
  message(writer, 2, (own) => writeShape(own, shape));
  writer.tag(4, WIRE.bytes).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function writeSignature(writer: BinaryWriter, { inputs, outputs }: TensorFlowSignature): void {
  const write = (field: number, name: string, { source, shape }: { source: string; shape: number[] }) =>
    entry(writer, field, name, (info) => {
      text(info, 1, source);
      writer.tag(2, WIRE.varint).int32(nativeTypes.float32);
      message(info, 3, (own) => writeShape(own, shape));
    });
  for (const [name, input] of Object.entries(inputs)) write(1, name, input);
  for (const [name, output] of Object.entries(outputs)) write(2, name, output);
  text(writer, 3, 'tensorflow/serving/predict');
}
