/** Draws what is seen of a recording. Tiles are drawn once and moved as pictures, so that scrolling costs little. */
import type { RecordedMark, RecordedWindow } from '../../../src/contract/data/recordings/recordings.ts';
import { TILE_COLUMNS, type Lane, type View } from './view.ts';

export interface Colors {
  trace: string;
  text: string;
  ground: string;
  bad: string;
  event: string;
  train: string;
  validation: string;
  test: string;
  leftOut: string;
  chosen: string;
}

/** Heights above the lanes: events, then windows. */
const EVENT_BAND = 22;
const WINDOW_BAND = 18;
export const BANDS = EVENT_BAND + WINDOW_BAND;

/** @param values [columns, channels, 2] */
export function drawTile(
  values: Float32Array,
  channels: number,
  lanes: readonly Lane[],
  { height, gain, ratio, color }: { height: number; gain: number; ratio: number; color: string },
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(Math.ceil(TILE_COLUMNS * ratio), Math.max(1, Math.ceil(height * ratio)));
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  context.strokeStyle = color;
  context.lineWidth = 1;
  const lane = height / channels;
  for (let channel = 0; channel < channels; channel += 1) {
    const { middle, reach } = lanes[channel] ?? { middle: 0, reach: 1 };
    const center = lane * (channel + 0.5);
    const scale = (lane / 2 / (reach * 2)) * gain;
    // Half a lane beyond its own: peaks cross their neighbours and no more.
    const [top, bottom] = [center - lane * 1.5, center + lane * 1.5];
    const y = (value: number) => Math.min(bottom, Math.max(top, center - (value - middle) * scale));
    context.beginPath();
    let drawn = false;
    for (let column = 0; column <= TILE_COLUMNS; column += 1) {
      const at = (column * channels + channel) * 2;
      const [low, high] = [values[at]!, values[at + 1]!];
      if (Number.isNaN(low)) break;
      if (!drawn) context.moveTo(column, y(low));
      context.lineTo(column, y(high));
      context.lineTo(column + 0.01, y(low) + (low === high ? 0.01 : 0));
      drawn = true;
    }
    context.stroke();
  }
  return canvas;
}

export interface Scene {
  view: View;
  width: number;
  height: number;
  colors: Colors;
  names: readonly string[];
  marks: readonly RecordedMark[];
  windows: readonly RecordedWindow[];
  windowRows: number;
  /** Rows of the sample that led here. */
  chosen: { start: number; rows: number } | null;
}

const SPLIT_COLORS = {
  train: 'train',
  validation: 'validation',
  test: 'test',
  'left-out': 'leftOut',
} as const;
/** Names of more events than this in a picture would cover each other. */
const MOST_NAMES = 40;

/** Bands of events and windows, and bad stretches over the lanes. */
export function drawMarks(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, width, height, colors, names, marks, windows, windowRows, chosen } = scene;
  const x = (row: number) => (row - view.from) / view.rowsPerColumn;
  const lane = (height - BANDS) / Math.max(1, names.length);
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (const { kind, channel, start, end } of marks) {
    if (kind === 'event') continue;
    const at = channel === null ? -1 : names.indexOf(channel);
    const top = BANDS + (at < 0 ? 0 : at * lane);
    hatch(context, x(start), top, Math.max(1, x(end) - x(start)), at < 0 ? height - BANDS : lane, colors.bad);
  }
  const events = marks.filter(({ kind }) => kind === 'event');
  for (const { name, start, end } of events) {
    const [left, right] = [x(start), x(end)];
    context.fillStyle = colors.event;
    context.globalAlpha = 0.18;
    if (end > start) context.fillRect(left, 0, Math.max(1, right - left), EVENT_BAND);
    context.globalAlpha = 1;
    context.fillRect(left, 0, 1, height);
    if (events.length > MOST_NAMES) continue;
    context.fillStyle = colors.text;
    const room = right > left ? right - Math.max(left, 0) : 120;
    context.fillText(name, Math.max(left, 0) + 4, EVENT_BAND / 2, Math.max(24, room));
  }
  for (const { start, label, split } of windows) {
    const [left, right] = [x(start), x(start + windowRows)];
    if (right < 0 || left > width) continue;
    context.fillStyle = colors[SPLIT_COLORS[split]];
    context.fillRect(left, EVENT_BAND + 2, Math.max(1, right - left - 1), 3);
    // Of a window that began before the picture only a part is there to be named.
    const room = right - Math.max(left, 0) - 4;
    if (label === null || room < 26) continue;
    context.fillStyle = colors.text;
    context.fillText(label, Math.max(left, 0) + 2, EVENT_BAND + 12, room);
  }
  if (!chosen) return;
  context.strokeStyle = colors.chosen;
  context.lineWidth = 2;
  context.strokeRect(x(chosen.start), EVENT_BAND, chosen.rows / view.rowsPerColumn, height - EVENT_BAND - 1);
}

function hatch(
  context: CanvasRenderingContext2D,
  left: number,
  top: number,
  width: number,
  height: number,
  color: string,
): void {
  const from = Math.max(-2, left);
  const to = Math.min(context.canvas.width, left + width);
  if (to <= from) return;
  context.save();
  context.beginPath();
  context.rect(from, top, to - from, height);
  context.clip();
  context.globalAlpha = 0.16;
  context.fillStyle = color;
  context.fillRect(from, top, to - from, height);
  context.globalAlpha = 0.7;
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = from - height; at < to; at += 7) {
    context.moveTo(at, top + height);
    context.lineTo(at + height, top);
  }
  context.stroke();
  context.restore();
}
