/** Encoders of table rows: an input layer, blocks, and what the last of them gives as features. */
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import type { Tensor } from '../../tensor/index.ts';
import type { Layer } from '../layers/layer.ts';
import { columnsOf } from '../layers/row-columns.ts';
import type { RowInputOptions } from '../layers/row-input.ts';
import { encoderOf, type Encoder } from './encoder.ts';

export interface RowOptions {
  numbers: RowInputOptions['code'];
  bins: number;
  frequencies: number;
  frequencyDeviation: number;
}

/** What an input layer is told: the options of the encoder, and the columns of its rows. */
export function rowInputOf(
  { numbers, bins, frequencies, frequencyDeviation }: RowOptions,
  inputShape: readonly number[],
  about: SampleDescription,
): RowInputOptions {
  const columns = columnsOf(inputShape, about);
  return { name: 'encoder/input', columns, code: numbers, bins, frequencies, frequencyDeviation };
}

/**
 * Layers one behind the other; features are what the last one gives.
 *
 * @param layers each with the shape of what it gives, where that is one of the encoder's stages, and with the layers it
 *   stands for, where each of these is a group of variables by itself
 */
export function rowEncoder(
  inputShape: readonly number[],
  layers: readonly { layer: Layer; stage?: number[]; stands?: readonly Layer[] }[],
): Encoder {
  const stageShapes = layers.flatMap(({ stage }) => (stage ? [stage] : []));
  const featureCount = stageShapes.at(-1)!.at(-1)!;
  const all = layers.map(({ layer }) => layer);
  const groups = layers
    .flatMap(({ layer, stands }) => stands ?? [layer])
    .map(({ parameters }) => parameters.map(({ name }) => name))
    .filter((names) => names.length > 0);
  return encoderOf({ inputShape, stageShapes, featureCount, layers: groups }, all, (x, pass) => {
    const stages: Tensor[] = [];
    let value = x;
    for (const { layer, stage } of layers) {
      value = layer.apply(value, pass);
      if (stage) stages.push(value);
    }
    return { features: value.clone(), stages };
  });
}
