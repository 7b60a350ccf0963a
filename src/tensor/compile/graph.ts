/** Builds a TensorFlow graph node by node and writes it as a SavedModel (tensorflow/core/protobuf). */
import { createRequire } from 'node:module';
import { attributeTypes, type Attribute, type TypedArray } from '../backend.ts';

const require = createRequire(import.meta.url);

/** An attribute as it is written: what operations carry, and constants. */
export type NodeAttribute =
  Attribute | { name: string; constant: { shape: number[]; dtype: number; values: TypedArray } };

export interface Graph {
  /** Adds a node. `inputs` are `node:output` or, for an order without data, `^node`. */
  add(op: string, name: string, inputs: string[], attributes: NodeAttribute[]): void;
  readonly size: number;
  /** The bytes of `saved_model.pb`. */
  serialize(): Uint8Array;
}

/* The part of the generated protocol classes that is used. */
interface Message {
  serializeBinary(): Uint8Array;
}
interface ShapeMessage extends Message {
  addDim(): { setSize(size: number): void };
}
interface ListMessage extends Message {
  setIList(values: number[]): void;
  setFList(values: number[]): void;
  setBList(values: boolean[]): void;
  setTypeList(values: number[]): void;
}
interface TensorMessage extends Message {
  setDtype(dtype: number): void;
  setTensorShape(shape: ShapeMessage): void;
  setTensorContent(bytes: Uint8Array): void;
}
interface ValueMessage extends Message {
  setType(value: number): void;
  setB(value: boolean): void;
  setF(value: number): void;
  setI(value: number): void;
  setS(value: Uint8Array): void;
  setShape(value: ShapeMessage): void;
  setList(value: ListMessage): void;
  setTensor(value: TensorMessage): void;
}
interface NodeMessage extends Message {
  setName(name: string): void;
  setOp(op: string): void;
  addInput(input: string): void;
  getAttrMap(): { set(name: string, value: ValueMessage): void };
}
interface Messages {
  NodeDef: new () => NodeMessage;
  AttrValue: (new () => ValueMessage) & { ListValue: new () => ListMessage };
  TensorShape: new () => ShapeMessage;
  Tensor: new () => TensorMessage;
  GraphDef: new () => Message & {
    setNodeList(nodes: NodeMessage[]): void;
    setVersions(version: Message): void;
  };
  VersionDef: new () => Message & { setProducer(version: number): void };
  MetaGraphDef: (new () => Message & {
    setMetaInfoDef(info: Message): void;
    setGraphDef(graph: Message): void;
  }) & {
    MetaInfoDef: new () => Message & { addTags(tag: string): void };
  };
  SavedModel: new () => Message & {
    setSavedModelSchemaVersion(version: number): void;
    addMetaGraphs(graph: Message): void;
  };
}

/** A graph without a recent version number gets the semantics that operations had years ago. */
const graphVersion = 1482;

export function createGraph(): Graph {
  const messages = require('@tensorflow/tfjs-node/dist/proto/api_pb') as Messages;
  const nodes: NodeMessage[] = [];

  const shapeMessage = (shape: number[]) => {
    const message = new messages.TensorShape();
    for (const length of shape) message.addDim().setSize(length);
    return message;
  };
  const listMessage = (attribute: Attribute, values: (number | boolean)[]) => {
    const list = new messages.AttrValue.ListValue();
    if (attribute.type === attributeTypes.float) list.setFList(values as number[]);
    else if (attribute.type === attributeTypes.bool) list.setBList(values as boolean[]);
    else if (attribute.type === attributeTypes.type) list.setTypeList(values as number[]);
    else list.setIList(values as number[]);
    return list;
  };
  const valueMessage = (attribute: NodeAttribute) => {
    const message = new messages.AttrValue();
    if ('constant' in attribute) {
      const { shape, dtype, values } = attribute.constant;
      const tensor = new messages.Tensor();
      tensor.setDtype(dtype);
      tensor.setTensorShape(shapeMessage(shape));
      tensor.setTensorContent(new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice());
      message.setTensor(tensor);
      return message;
    }
    const { type, value } = attribute;
    if (type === attributeTypes.shape) message.setShape(shapeMessage(value as number[]));
    else if (Array.isArray(value)) message.setList(listMessage(attribute, value));
    else if (type === attributeTypes.type) message.setType(value as number);
    else if (type === attributeTypes.bool) message.setB(Boolean(value));
    else if (type === attributeTypes.float) message.setF(value as number);
    else if (type === attributeTypes.string) message.setS(new Uint8Array(Buffer.from(value as string)));
    else message.setI(value as number);
    return message;
  };

  return {
    add(op, name, inputs, attributes) {
      const node = new messages.NodeDef();
      node.setName(name);
      node.setOp(op);
      for (const input of inputs) node.addInput(input);
      for (const attribute of attributes) node.getAttrMap().set(attribute.name, valueMessage(attribute));
      nodes.push(node);
    },
    get size() {
      return nodes.length;
    },
    serialize() {
      const graph = new messages.GraphDef();
      graph.setNodeList(nodes);
      const version = new messages.VersionDef();
      version.setProducer(graphVersion);
      graph.setVersions(version);
      const meta = new messages.MetaGraphDef();
      const info = new messages.MetaGraphDef.MetaInfoDef();
      info.addTags('serve');
      meta.setMetaInfoDef(info);
      meta.setGraphDef(graph);
      const model = new messages.SavedModel();
      model.setSavedModelSchemaVersion(1);
      model.addMetaGraphs(meta);
      return model.serializeBinary();
    },
  };
}
