/** What an entry makes before its state comes in (the views of a step), fetched alone. */
import { nativeTypes } from '../backend.ts';
import { attribute } from '../native.ts';
import type { Graph } from './graph.ts';
import type { TracedOutput } from './shapes.ts';

/**
 * Adds a node that is there when all results are.
 *
 * It needs the first value of each: TensorFlow leaves out what is only waited for and changes nothing.
 *
 * @param results by `node:output`
 */
export function addViews(graph: Graph, name: string, results: ReadonlyMap<string, TracedOutput>): void {
  const firsts = [...results]
    .filter(([, { shape }]) => !shape.includes(0))
    .map(([source, result], index) => addFirstValue(graph, `${name}/${index}`, source, result));
  // Nothing is made before the state comes in.
  if (firsts.length === 0) addIntegers(graph, name, [0]);
  else graph.add('AddN', name, firsts, [attribute.type('T', 'float32'), attribute.int('N', firsts.length)]);
}

/** Nodes that give the first value of a tensor as float32 [1]. */
function addFirstValue(graph: Graph, name: string, source: string, { shape, dtype }: TracedOutput): string {
  const zeros = shape.map(() => 0);
  addIntegers(graph, `${name}/begin`, zeros);
  addIntegers(
    graph,
    `${name}/size`,
    zeros.map(() => 1),
  );
  addIntegers(graph, `${name}/flat`, [1]);
  const type = attribute.type('T', dtype);
  const slice = [type, attribute.type('Index', 'int32')];
  graph.add('Slice', `${name}/first`, [source, `${name}/begin:0`, `${name}/size:0`], slice);
  const reshape = [type, attribute.type('Tshape', 'int32')];
  graph.add('Reshape', `${name}/reshaped`, [`${name}/first:0`, `${name}/flat:0`], reshape);
  const cast = [
    attribute.type('SrcT', dtype),
    attribute.type('DstT', 'float32'),
    attribute.bool('Truncate', false),
  ];
  graph.add('Cast', `${name}/number`, [`${name}/reshaped:0`], cast);
  return `${name}/number:0`;
}

function addIntegers(graph: Graph, name: string, values: number[]): void {
  const constant = { shape: [values.length], dtype: nativeTypes.int32, values: Int32Array.from(values) };
  graph.add('Const', name, [], [attribute.type('dtype', 'int32'), { name: 'value', constant }]);
}
