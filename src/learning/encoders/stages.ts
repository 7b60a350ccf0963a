/** Widths, shapes and blocks of encoders that are built in stages, alike for images and signals. */
import { residualBlock, sideAfter, type Dimensions } from '../layers/convolution.ts';
import type { Layer } from '../layers/layer.ts';

/**
 * Channels of each stage: `width`, doubled from stage to stage, the last one exactly `features`.
 *
 * There is no hidden projection behind the last stage: what the encoder gives is what its last stage holds.
 * No stage is wider than the last one.
 */
export function stageWidths(width: number, stages: number, features: number): number[] {
  return Array.from({ length: stages }, (_, stage) =>
    stage === stages - 1 ? features : Math.min(width * 2 ** stage, features),
  );
}

/** [...sides, channels] after each stage, where every stage divides the sides by its stride. */
export function stageShapes(
  sides: readonly number[],
  widths: readonly number[],
  strides: readonly number[],
): number[][] {
  let current = [...sides];
  return widths.map((width, stage) => {
    current = current.map((side) => sideAfter(side, strides[stage]!));
    return [...current, width];
  });
}

/** Stride of each stage: the first keeps its input's sides, the others halve them. */
export const stageStrides = (stages: number): number[] =>
  Array.from({ length: stages }, (_, stage) => (stage === 0 ? 1 : 2));

/** `depth` residual blocks for each stage; the first block of a stage has its stride. */
export function residualStages(network: {
  dimensions: Dimensions;
  widths: readonly number[];
  depth: number;
  kernelSize: number;
}): { layer: Layer; endsStage: boolean }[] {
  const { dimensions, widths, depth, kernelSize } = network;
  const strides = stageStrides(widths.length);
  return widths.flatMap((outputs, stage) =>
    Array.from({ length: depth }, (_, index) => ({
      endsStage: index === depth - 1,
      layer: residualBlock({
        name: `encoder/stage${stage}/block${index}`,
        dimensions,
        size: kernelSize,
        inputs: index > 0 ? outputs : (widths[stage - 1] ?? outputs),
        outputs,
        stride: index > 0 ? 1 : strides[stage]!,
      }),
    })),
  );
}
