/** Fields of protocol buffers, which ONNX and TensorFlow keep their models in. */
import type { BinaryWriter } from '@bufbuild/protobuf/wire';

/** How the bytes behind a field's number are to be read. */
export const WIRE = { varint: 0, bytes: 2, bits32: 5 } as const;

export type Write = (writer: BinaryWriter) => unknown;

/** A message within another. */
export const message = (writer: BinaryWriter, field: number, body: Write) => {
  writer.tag(field, WIRE.bytes).fork();
  body(writer);
  writer.join();
};
export const text = (writer: BinaryWriter, field: number, value: string) =>
  writer.tag(field, WIRE.bytes).string(value);
export const integer = (writer: BinaryWriter, field: number, value: number) =>
  writer.tag(field, WIRE.varint).int64(value);
