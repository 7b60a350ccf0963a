/** What networks for signals have in common: layers over [N, electrodes, length, filters] and features of their last maps. */
import { tf, type Tensor } from '../../../tensor/index.ts';
import type { Layer } from '../../layers/layer.ts';
import { featuresOfPlaces } from '../../layers/temporal-pooling.ts';
import { encoderOf, type Encoder } from '../encoder.ts';

/** More numbers than that are not left standing side by side unless somebody asks for so many places. */
const MOST_FEATURES = 1024;

/** A layer, how many places along time it leaves of so many, and what its maps hold where it ends a stage. */
export interface SignalBlock {
  layer: Layer;
  /** Default: as many as there were. */
  places?: (length: number) => number;
  /** Channels of the stage's maps. */
  ends?: number;
}

export interface SignalNetwork {
  /** [L, C] */
  inputShape: readonly number[];
  blocks: readonly SignalBlock[];
  /** Whether layers take [N, 1, L, C] instead of [N, C, L, 1]. */
  channelsTogether?: boolean;
  /** Windows that are shorter get zeros at both ends. */
  leastLength: number;
  /** Places along time that features tell apart: 0 for all that there are, as far as that stays handy. */
  places: number;
  /** Features are those of the last place alone. */
  lastPlace?: boolean;
}

/** Places left by windows of that size which step so far, all inside. */
export const placesInside = (length: number, size: number, stride: number): number =>
  Math.floor((length - size) / stride) + 1;

/** An encoder of the layers. */
export function signalEncoder(network: SignalNetwork): Encoder {
  const { inputShape, blocks, leastLength } = network;
  const layers = blocks.map(({ layer }) => layer);
  const names = layers.flatMap((layer) => layer.parameters.map(({ name }) => name));
  const stageShapes = shapesOf(network);
  const [length, channels] = stageShapes.at(-1)! as [number, number];
  const places = network.lastPlace ? 1 : network.places || fittingPlaces(length, channels);
  const facts = {
    inputShape,
    stageShapes,
    featureCount: places * channels,
    leastLength,
    layers: grouped(names),
  };
  return encoderOf(facts, layers, (x, pass) => {
    const stages: Tensor[] = [];
    let value = asImages(longEnough(x, leastLength), network.channelsTogether ?? false);
    for (const { layer, ends } of blocks) {
      value = layer.apply(value, pass);
      if (ends) stages.push(asMaps(value));
    }
    const last = stages.at(-1)!;
    return { features: network.lastPlace ? lastOf(last) : featuresOfPlaces(last, places), stages };
  });
}

/** Variables in groups, by the first word behind `encoder/`: encoder/time/kernel belongs to time. */
function grouped(names: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const group = name.split('/')[1]!;
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups.values()];
}

/** All places, or as many as make no more than a thousand numbers. */
const fittingPlaces = (length: number, channels: number) =>
  Math.max(1, Math.min(length, Math.floor(MOST_FEATURES / channels)));

function shapesOf({ inputShape, blocks, leastLength }: SignalNetwork): number[][] {
  let length = Math.max(inputShape[0]!, leastLength);
  return blocks.flatMap(({ places, ends }) => {
    if (places) length = places(length);
    return ends ? [[length, ends]] : [];
  });
}

/** Zeros, which are the channels' means, at both ends of windows that are too short. */
function longEnough(x: Tensor, leastLength: number): Tensor {
  const missing = leastLength - x.shape[1]!;
  if (missing <= 0) return x;
  const before = Math.floor(missing / 2);
  return tf.pad(x, [
    [0, 0],
    [before, missing - before],
    [0, 0],
  ]);
}

/** [N, L, C] to [N, C, L, 1], or to [N, 1, L, C]. */
const asImages = (x: Tensor, together: boolean): Tensor =>
  together ? tf.expandDims(x, 1) : tf.expandDims(tf.transpose(x, [0, 2, 1]), -1);

/** [N, E, L, F] to [N, L, E · F]. */
function asMaps(x: Tensor): Tensor {
  const [count, electrodes, length, filters] = x.shape as [number, number, number, number];
  const inTime = electrodes === 1 ? x : tf.transpose(x, [0, 2, 1, 3]);
  return tf.reshape(inTime, [count, length, electrodes * filters]);
}

function lastOf(maps: Tensor): Tensor {
  const [count, length, channels] = maps.shape as [number, number, number];
  return tf.reshape(tf.slice(maps, [0, length - 1, 0], [-1, 1, -1]), [count, channels]);
}
