/** Takes out of a graph what only costs its reader time: casts to the same type, weights that are reshaped anew each time. */
import { fixedValues, type BatchGraph, type GraphSource, type ModelGraph } from './batch.ts';

/** Casts from float to float, and identities, are read through. */
export function withoutCasts(graph: BatchGraph): BatchGraph {
  const same = new Map<string, GraphSource>();
  const through = (source: GraphSource): GraphSource =>
    source.kind === 'node' && source.output === 0 ? (same.get(source.node) ?? source) : source;
  const nodes = graph.nodes.flatMap((node) => {
    const inputs = node.inputs.map(through);
    const type = (name: string) => node.attributes.find((attribute) => attribute.name === name)?.value;
    const changesNothing = node.op === 'Identity' || (node.op === 'Cast' && type('SrcT') === type('DstT'));
    if (!changesNothing) return [{ ...node, inputs }];
    same.set(node.name, inputs[0]!);
    return [];
  });
  const outputs = Object.fromEntries(
    Object.entries(graph.outputs).map(([name, output]) => [
      name,
      { ...output, source: through(output.source) },
    ]),
  );
  return { ...graph, nodes, outputs };
}

/** A weight that is only given another shape is stored in that shape, under a name of its own. */
export function withWeightsReshaped(graph: ModelGraph): ModelGraph {
  const weights = { ...graph.weights };
  const read = new Set<string>();
  const renamed = new Map<string, string>();
  const through = (source: GraphSource): GraphSource => {
    if (source.kind !== 'node' || !renamed.has(source.node)) return source;
    return { kind: 'weight', name: renamed.get(source.node)! };
  };
  const nodes = graph.nodes.flatMap((node) => {
    const inputs = node.inputs.map(through);
    const [first, second] = inputs;
    const values = fixedValues(second);
    const weight = first?.kind === 'weight' ? weights[first.name] : undefined;
    const shape = node.outputs[0]?.shape;
    if (!weight || !shape || !values || !(node.op === 'Reshape' || node.op === 'ExpandDims')) {
      return [{ ...node, inputs }];
    }
    const name = `${(first as { name: string }).name}/${shape.join('x')}`;
    weights[name] = { ...weight, shape: [...shape] };
    renamed.set(node.name, name);
    return [];
  });
  for (const { inputs } of nodes)
    for (const input of inputs) if (input.kind === 'weight') read.add(input.name);
  return {
    ...graph,
    nodes,
    weights: Object.fromEntries(Object.entries(weights).filter(([name]) => read.has(name))),
  };
}
