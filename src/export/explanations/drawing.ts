/** Draws where in a sample an answer comes from: over a picture, over traces, or beside the cells of a row. */
import type { ExplanationMap } from '../../contract/model/explanation.ts';
import { heatCells } from '../../contract/model/heat.ts';
import type { Panel } from '../../contract/data/preview.ts';
import { COLORS, round, shortened, svgOf, textAt, type Drawing } from './svg.ts';

export interface Drawn {
  content: Panel['content'];
  /** Null: the sample alone. */
  map: ExplanationMap | null;
  /** What stands above it. */
  title: string;
  /** What stands below it: what colours mean, and what the sample is called. */
  notes: readonly string[];
  /** Traces: their channels' names, and how long they last; null where nobody knows. */
  channelNames: readonly string[] | null;
  seconds: number | null;
}

const SIDE = 480;
const HEAD = 40;
const FOOT = 12;
const NOTE = 20;
const EDGE = 16;

/** The whole figure. */
export function drawExplanation(drawn: Drawn): string {
  const { content } = drawn;
  if (content.kind === 'image') return svgOf(framed(drawn, overPicture(drawn, content)));
  return svgOf(
    framed(drawn, content.kind === 'signal' ? overTraces(drawn, content) : besideCells(drawn, content)),
  );
}

/** With its title above and its note below. */
function framed({ title, notes }: Drawn, { width, height, marks }: Drawing): Drawing {
  const wide = width + 2 * EDGE;
  const signs = Math.floor((wide - 2 * EDGE) / 6.6);
  return {
    width: wide,
    height: HEAD + height + FOOT + notes.length * NOTE,
    marks: [
      textAt(EDGE, 26, shortened(title, Math.floor(signs * 0.85)), { size: 15, bold: true }),
      `<g transform="translate(${EDGE} ${HEAD})">`,
      ...marks,
      '</g>',
      ...notes.map((note, at) =>
        textAt(EDGE, HEAD + height + NOTE * (at + 1), shortened(note, signs), {
          color: COLORS.quiet,
          size: 12,
        }),
      ),
    ],
  };
}

function overPicture(
  { map }: Drawn,
  { width, height, png }: Extract<Panel['content'], { kind: 'image' }>,
): Drawing {
  const scale = SIDE / Math.max(width, height);
  const [wide, high] = [width * scale, height * scale];
  // Small pictures are enlarged with their pixels visible: that is what the encoder sees.
  const pixels = scale > 1 ? ' style="image-rendering: pixelated"' : '';
  return {
    width: wide,
    height: high,
    marks: [
      `<image width="${round(wide)}" height="${round(high)}" preserveAspectRatio="none"${pixels} href="${png}" xlink:href="${png}"/>`,
      ...heatOver(map, { kind: 'image', width, height, png }, wide, high, 0.6),
    ],
  };
}

function heatOver(
  map: ExplanationMap | null,
  content: Panel['content'],
  width: number,
  height: number,
  most: number,
): string[] {
  if (!map) return [];
  return heatCells(map, content).map(({ x, y, width: w, height: h, strength }) => {
    const color = strength < 0 ? COLORS.against : COLORS.for;
    return `<rect x="${round(x * width)}" y="${round(y * height)}" width="${round(w * width)}" height="${round(h * height)}" fill="${color}" fill-opacity="${(Math.abs(strength) * most).toFixed(3)}"/>`;
  });
}

const LANE = 56;
const TRACE_WIDTH = 640;
const NAMES = 96;
const AXIS = 36;

function overTraces(
  { map, channelNames, seconds }: Drawn,
  content: Extract<Panel['content'], { kind: 'signal' }>,
): Drawing {
  const { channels } = content;
  const lane = Math.max(16, Math.min(LANE, 720 / channels.length));
  const height = lane * channels.length;
  const means = channels.map((channel) => channel.reduce((sum, value) => sum + value, 0) / channel.length);
  const reach = reachOf(channels, means);
  const curves = channels.map((channel, at) => {
    const middle = (at + 0.5) * lane;
    const points = channel.map(
      (value, i) =>
        `${round((i / Math.max(1, channel.length - 1)) * TRACE_WIDTH)},${round(middle - ((value - means[at]!) / reach) * lane * 0.46)}`,
    );
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${COLORS.text}" stroke-width="1.1"/>`;
  });
  return {
    width: NAMES + TRACE_WIDTH,
    height: height + AXIS,
    marks: [
      ...channels.map((_, at) =>
        textAt(NAMES - 8, (at + 0.5) * lane + 4, shortened(channelNames?.[at] ?? `channel ${at + 1}`, 14), {
          anchor: 'end',
          color: COLORS.quiet,
          size: 12,
        }),
      ),
      `<g transform="translate(${NAMES} 0)">`,
      ...heatOver(map, content, TRACE_WIDTH, height, 0.75),
      ...channels
        .slice(1)
        .map((_, at) => `<path d="M0 ${round((at + 1) * lane)}h${TRACE_WIDTH}" stroke="${COLORS.line}"/>`),
      ...curves,
      ...timeAxis(height, seconds),
      '</g>',
    ],
  };
}

/** How far any channel goes from its mean. One scale for all: they are told apart by their size as well. */
export const reachOf = (channels: readonly (readonly number[])[], means: readonly number[]): number =>
  channels.reduce(
    (most, channel, at) => channel.reduce((far, value) => Math.max(far, Math.abs(value - means[at]!)), most),
    1e-12,
  );

function timeAxis(y: number, seconds: number | null): string[] {
  const title = seconds === null ? 'the window, from its beginning to its end' : 'seconds';
  const ticks = seconds === null ? [] : [0, 0.25, 0.5, 0.75, 1];
  return [
    `<path d="M0 ${round(y)}h${TRACE_WIDTH}" stroke="${COLORS.quiet}"/>`,
    ...ticks.map((share) =>
      textAt(share * TRACE_WIDTH, y + 16, String(Number((share * seconds!).toPrecision(3))), {
        anchor: share === 0 ? 'start' : share === 1 ? 'end' : 'middle',
        color: COLORS.quiet,
        size: 12,
      }),
    ),
    textAt(TRACE_WIDTH / 2, y + 32, title, { anchor: 'middle', color: COLORS.quiet, size: 12 }),
  ];
}

const BAR = 22;
const BAR_NAMES = 260;
const BARS_WIDTH = 300;
const BAR_NUMBERS = 72;
/** More cannot be read in one figure; the table beside it holds all. */
const MOST_BARS = 40;

function besideCells({ map }: Drawn, { cells }: Extract<Panel['content'], { kind: 'row' }>): Drawing {
  const rows = cells
    .map((cell, at) => ({ ...cell, value: map?.values[at] ?? 0 }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, MOST_BARS);
  const most = rows.reduce((far, { value }) => Math.max(far, Math.abs(value)), 1e-12);
  const hasBoth = rows.some(({ value }) => value < 0) && rows.some(({ value }) => value > 0);
  const zero = hasBoth ? BARS_WIDTH / 2 : rows.some(({ value }) => value < 0) ? BARS_WIDTH : 0;
  const scale = (hasBoth ? BARS_WIDTH / 2 : BARS_WIDTH) / most;
  const height = rows.length * BAR;
  return {
    width: BAR_NAMES + BARS_WIDTH + BAR_NUMBERS,
    height,
    marks: rows
      .flatMap(({ name, text, value }, at) => {
        const y = at * BAR;
        const x = BAR_NAMES + zero + Math.min(0, value) * scale;
        return [
          textAt(BAR_NAMES - 8, y + 15, shortened(`${name} ${text ?? '–'}`, 36), { anchor: 'end' }),
          `<rect x="${round(x)}" y="${y + 4}" width="${round(Math.abs(value) * scale)}" height="${BAR - 8}" fill="${value < 0 ? COLORS.against : COLORS.for}"/>`,
          textAt(BAR_NAMES + BARS_WIDTH + BAR_NUMBERS, y + 15, value.toPrecision(2), {
            anchor: 'end',
            color: COLORS.quiet,
          }),
        ];
      })
      .concat(`<path d="M${round(BAR_NAMES + zero)} 0v${height}" stroke="${COLORS.quiet}"/>`),
  };
}
