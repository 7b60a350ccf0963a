/** The preview of a task as plain arrays, ready to be sent to another process. */
import type { RawPreviewItem } from '../../contract/data/preview.ts';
import { tf, toFloat, type Tensor } from '../../tensor/index.ts';
import type { PretextTask, PreviewRequest } from './task.ts';

/** Runs the task's preview eagerly; one item a sample, `sampleIndex` taken from `indices`. */
export function previewItems(
  task: PretextTask,
  request: PreviewRequest<unknown>,
  indices: readonly number[],
): RawPreviewItem[] {
  // The result holds arrays, not tensors, so it is handed out of the scope around the scope's own return.
  let items: RawPreviewItem[] = [];
  tf.tidy(() => {
    const { columns, pseudoLabels } = task.preview(request);
    const panels = columns.map(({ values, ...panel }) => ({
      ...panel,
      shape: values.shape.slice(1),
      all: valuesOf(values),
    }));
    items = indices.map((sampleIndex, row) => ({
      sampleIndex,
      pseudoLabel: pseudoLabels[row]!,
      panels: panels.map(({ all, ...panel }) => ({ ...panel, values: rowOf(all, row, panel.shape) })),
    }));
  });
  return items;
}

const valuesOf = (tensor: Tensor) => toFloat(tensor).dataSync() as Float32Array;

function rowOf(values: Float32Array, row: number, shape: readonly number[]): Float32Array<ArrayBuffer> {
  const size = shape.reduce((product, side) => product * side, 1);
  return Float32Array.from(values.subarray(row * size, (row + 1) * size));
}
