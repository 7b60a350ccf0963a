/** Loads a graph into a TensorFlow session and runs parts of it. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Binding, TypedArray } from '../backend.ts';
import type { Graph } from './graph.ts';
import { makeGraphFolder } from './graph-folder.ts';

export interface Feed {
  node: string;
  shape: number[];
  dtype: number;
  values: TypedArray;
}

export interface Session {
  /** Feeds values, computes the named outputs in one native call and returns copies of them. */
  run(feeds: Feed[], outputs: string[]): (TypedArray | BigInt64Array)[];
  dispose(): void;
}

/** TensorFlow reads a graph from a folder only; it is deleted as soon as it is read. */
export function openSession(addon: Binding, graph: Graph): Session {
  const folder = makeGraphFolder();
  let session: number;
  try {
    writeFileSync(join(folder, 'saved_model.pb'), graph.serialize());
    session = addon.loadSavedModel(folder, 'serve,');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    run: (feeds, outputs) => runSession(addon, session, feeds, outputs),
    dispose: () => addon.deleteSavedModel(session),
  };
}

function runSession(
  addon: Binding,
  session: number,
  feeds: Feed[],
  outputs: string[],
): (TypedArray | BigInt64Array)[] {
  const ids: number[] = [];
  try {
    for (const { shape, dtype, values } of feeds) ids.push(addon.createTensor(shape, dtype, values));
    const names = feeds.map(({ node }) => `${node}:0`).join(',');
    const results = addon.runSavedModel(session, ids, names, outputs.join(','));
    try {
      return results.map(({ id }) => addon.tensorDataSync(id));
    } finally {
      for (const { id } of results) addon.deleteTensor(id);
    }
  } finally {
    for (const id of ids) addon.deleteTensor(id);
  }
}
