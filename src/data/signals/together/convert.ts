/** Windows of one dataset as windows of the common form, step by step. */
import type { HarmoniseStep } from '../../../contract/data/harmonise-step.ts';
import { resampleRows, resampleWindow, resamplerBetween } from '../resample.ts';

/** Row-major [rows, channels]. */
interface Window {
  values: Float32Array;
  rows: number;
  channels: number;
}

/** @param values [rows, channels] row-major, which stay as they are */
export function convertWindow(
  values: Float32Array,
  [rows = 0, channels = 0]: readonly number[],
  steps: readonly HarmoniseStep[],
): Float32Array {
  return steps.reduce<Window>(apply, { values, rows, channels }).values;
}

function apply(window: Window, step: HarmoniseStep): Window {
  const { values, rows, channels } = window;
  switch (step.step) {
    case 'resample':
      return {
        values: resampleWindow(values, step.fromLength, step.toLength, channels),
        rows: step.toLength,
        channels,
      };
    case 'cut':
      return {
        values: values.slice(step.first * channels, (step.first + step.rows) * channels),
        rows: step.rows,
        channels,
      };
    case 'rate': {
      const resampler = resamplerBetween(step.toRate, step.fromRate);
      return {
        values: resampleRows(values, { fromRows: rows, toRows: step.rows, channels }, resampler),
        rows: step.rows,
        channels,
      };
    }
    case 'scale': {
      const { mean, deviation } = step;
      const scaled = values.map((value, at) => (value - mean[at % channels]!) / deviation[at % channels]!);
      return { values: scaled, rows, channels };
    }
    case 'channels':
      return mapRows(window, step.take.length, (row, into) =>
        step.take.forEach((place, at) => (into[at] = place < 0 ? 0 : row[place]!)),
      );
    case 'interpolate':
      return mapRows(window, step.weights.length, (row, into) =>
        step.weights.forEach((weights, at) => {
          into[at] = weights.reduce((sum, weight, channel) => sum + weight * row[channel]!, 0);
        }),
      );
    default:
      throw new Error(`“${step.step}” is no step of signals`);
  }
}

function mapRows(
  { values, rows, channels }: Window,
  toChannels: number,
  map: (row: Float32Array, into: Float32Array) => void,
): Window {
  const mapped = new Float32Array(rows * toChannels);
  for (let row = 0; row < rows; row += 1)
    map(
      values.subarray(row * channels, (row + 1) * channels),
      mapped.subarray(row * toChannels, (row + 1) * toChannels),
    );
  return { values: mapped, rows, channels: toChannels };
}
