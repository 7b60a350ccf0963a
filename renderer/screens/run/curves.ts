/** Curves as marks: every charted metric looks alike. */
import * as Plot from '@observablehq/plot';
import type { MetricPoint } from '../../../src/contract/entities.ts';

/** So many points are drawn; a denser curve is thinned evenly, its last point kept. */
const MOST = 800;
/** A curve that varies by less than this share of its height is drawn as level. */
const LEVEL = 0.01;

export interface CurvePoint {
  x: number;
  y: number;
  /** Curves of several seeds are lines of their own, each from its first step. */
  seed?: number;
}

export function seriesOf(points: readonly MetricPoint[], name: string): CurvePoint[] {
  const all = points.flatMap((point): CurvePoint[] => {
    const y = point.values[name];
    const seed = point.values['seed'];
    return y === undefined ? [] : [{ x: point.epoch, y, ...(seed !== undefined && { seed }) }];
  });
  const stride = Math.ceil(all.length / MOST);
  return stride <= 1 ? all : all.filter((_, i) => i % stride === 0 || i === all.length - 1);
}

/** An exponential mean that starts unbiased, so that a noisy loss can be read; it begins anew with each seed. */
export function smooth(series: readonly CurvePoint[], weight = 0.9): CurvePoint[] {
  let sum = 0;
  let norm = 0;
  return series.map((point, i) => {
    if (point.seed !== series[i - 1]?.seed) [sum, norm] = [0, 0];
    sum = weight * sum + (1 - weight) * point.y;
    norm = weight * norm + (1 - weight);
    return { ...point, y: sum / norm };
  });
}

/** The range of an axis that makes a level curve look level, with ticks that can be read; null: as the values say. */
export function levelDomain(series: readonly CurvePoint[]): [number, number] | null {
  const values = series.map(({ y }) => y).filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (values.length === 0 || size === 0 || high - low >= LEVEL * size) return null;
  return [low - LEVEL * size, high + LEVEL * size];
}

export interface CurveStyle {
  xLabel: string;
  yLabel: string;
  color: string;
  smoothed?: boolean;
  percent?: boolean;
  dots?: boolean;
  /** The axis begins at 0, where nearness to it means something. */
  fromZero?: boolean;
  /** A second measure of the same thing, in dots. */
  beside?: readonly { x: number; y: number }[];
  /** A dashed line at a value that means something. */
  reference?: { y: number; label: string } | undefined;
}

export function curveOptions(series: readonly CurvePoint[], style: CurveStyle): Plot.PlotOptions {
  const line = style.smoothed ? smooth(series) : series;
  const domain = levelDomain(series);
  return {
    marginLeft: 52,
    marginRight: 16,
    marginTop: 24,
    marginBottom: 40,
    x: { label: style.xLabel, labelAnchor: 'center', labelArrow: 'none', labelOffset: 36, ticks: 6 },
    y: {
      label: style.yLabel || null,
      zero: style.fromZero ?? false,
      grid: true,
      nice: true,
      ticks: 5,
      percent: style.percent ?? false,
      ...(domain && { domain: style.percent ? domain.map((value) => 100 * value) : domain }),
    },
    marks: [
      ...(style.smoothed
        ? [
            Plot.line(series, {
              x: 'x',
              y: 'y',
              z: 'seed',
              stroke: style.color,
              strokeOpacity: 0.25,
              strokeWidth: 1,
            }),
          ]
        : []),
      Plot.line(line, { x: 'x', y: 'y', z: 'seed', stroke: style.color, strokeWidth: 2 }),
      ...(style.beside
        ? [
            Plot.line(style.beside, { x: 'x', y: 'y', stroke: 'var(--class-3)', strokeWidth: 1 }),
            Plot.dot(style.beside, { x: 'x', y: 'y', fill: 'var(--class-3)', r: 3 }),
          ]
        : []),
      ...(style.reference
        ? [
            Plot.ruleY([style.reference.y], { stroke: 'var(--neutral-6)', strokeDasharray: '4 4' }),
            Plot.text([style.reference], {
              y: 'y',
              text: 'label',
              frameAnchor: 'right',
              dy: -8,
              fill: 'var(--neutral-7)',
            }),
          ]
        : []),
      ...(style.dots ? [Plot.dot(line, { x: 'x', y: 'y', fill: style.color, r: 3 })] : []),
    ],
  };
}
