/**
 * ONNX files (onnx/onnx.proto, IR version 8) as bytes. Only what models need: nodes, tensors, inputs and outputs.
 *
 * The numbers are those of the fields in that schema.
 */
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { WIRE, integer, message, text } from '../protobuf.ts';

export type OnnxAttribute = number | { float: number } | number[] | string;

export interface OnnxNode {
  op: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, OnnxAttribute>;
}

/** Numbers of ONNX for types of values. */
export const onnxTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;

export interface OnnxTensor {
  name: string;
  shape: readonly number[];
  type: number;
  /** Little-endian, as ONNX wants it and every machine that this program runs on has it. */
  bytes: Uint8Array;
}

export interface OnnxValue {
  name: string;
  type: number;
  /** A name stands for a side of any length. */
  shape: readonly (number | string)[];
}

export interface OnnxModel {
  producer: { name: string; version: string };
  opset: number;
  name: string;
  description: string;
  nodes: readonly OnnxNode[];
  tensors: readonly OnnxTensor[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  metadata: Readonly<Record<string, string>>;
}

const IR_VERSION = 8;
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** The bytes of a `ModelProto`. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, IR_VERSION);
  text(writer, 2, model.producer.name);
  text(writer, 3, model.producer.version);
  text(writer, 6, model.description);
  message(writer, 7, (graph) => writeGraph(graph, model));
  message(writer, 8, (opset) => {
    text(opset, 1, '');
    integer(opset, 2, model.opset);
  });
  for (const [key, value] of Object.entries(model.metadata))
    message(writer, 14, (entry) => {
      text(entry, 1, key);
      text(entry, 2, value);
    });
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, { name, nodes, tensors, inputs, outputs }: OnnxModel): void {
  for (const [index, node] of nodes.entries()) message(writer, 1, (each) => writeNode(each, node, index));
  text(writer, 2, name);
  for (const tensor of tensors) message(writer, 5, (each) => writeTensor(each, tensor));
  for (const input of inputs) message(writer, 11, (each) => writeValue(each, input));
  for (const output of outputs) message(writer, 12, (each) => writeValue(each, output));
}

function writeNode(writer: BinaryWriter, { op, inputs, outputs, attributes }: OnnxNode, index: number): void {
  for (const input of inputs) text(writer, 1, input);
  for (const output of outputs) text(writer, 2, output);
  text(writer, 3, `${op}_${index}`);
  text(writer, 4, op);
  for (const [name, value] of Object.entries(attributes))
    message(writer, 5, (attribute) => writeAttribute(attribute, name, value));
}

function writeAttribute(writer: BinaryWriter, name: string, value: OnnxAttribute): void {
  text(writer, 1, name);
  if (typeof value === 'number') integer(writer, 3, value);
  else if (typeof value === 'string') text(writer, 4, value);
  else if (Array.isArray(value)) for (const each of value) integer(writer, 8, each);
  else writer.tag(2, WIRE.bits32).float(value.float);
  integer(writer, 20, ATTRIBUTE[kindOf(value)]);
}

function kindOf(value: OnnxAttribute): keyof typeof ATTRIBUTE {
  if (typeof value === 'number') return 'int';
  if (typeof value === 'string') return 'string';
  return Array.isArray(value) ? 'ints' : 'float';
}

function writeTensor(writer: BinaryWriter, { name, shape, type, bytes }: OnnxTensor): void {
  for (const side of shape) integer(writer, 1, side);
  integer(writer, 2, type);
  text(writer, 8, name);
  writer.tag(9, WIRE.bytes).bytes(bytes);
}

function writeValue(writer: BinaryWriter, { name, type, shape }: OnnxValue): void {
  text(writer, 1, name);
  message(writer, 2, (own) =>
    message(own, 1, (tensor) => {
      integer(tensor, 1, type);
      message(tensor, 2, (sides) => {
        for (const side of shape)
          message(sides, 1, (one) => (typeof side === 'number' ? integer(one, 1, side) : text(one, 2, side)));
      });
    }),
  );
}
