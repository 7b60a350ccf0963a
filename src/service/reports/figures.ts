/** Figures of a report as SVG: light, printable, with their numbers in the tables beside them. */
import { isShare, metricOf } from '../../contract/results/metric.ts';
import type { StudyResult, SummaryRow } from '../../contract/results/result.ts';
import { ARM_ORDER, meanInterval } from '../../contract/results/rows.ts';
import { ARM_TITLES, budgetTitle, formatCount } from '../../contract/words.ts';
import { needsCheckpoint } from '../../contract/recipe/arms.ts';
import type { Arm } from '../../contract/recipe/recipe.ts';
import { html, type Html } from '../../contract/html.ts';

/** Pixels: of a figure, a line, the names at its left, and what is written at its right. */
export const WIDTH = 720;
export const ROW = 26;
export const LABELS = 190;
export const RIGHT = 84;
const colorOf = (arm: Arm) => (needsCheckpoint(arm) ? '#3f4cc9' : '#596170');

/** The mean of an arm: filled for the two that are compared. */
export const armCircle = (arm: Arm, x: number, y: number): Html =>
  html`<circle
    cx="${round(x)}"
    cy="${y}"
    r="5"
    fill="${arm === 'pretrained' || arm === 'baseline' ? colorOf(arm) : '#fff'}"
    stroke="${colorOf(arm)}"
    stroke-width="2"
  />`;

/** A figure before it is put anywhere. */
export interface Figure {
  height: number;
  /** What it shows, for those who do not see it. */
  label: string;
  marks: readonly Html[];
}

/** Inside a page, whose style it takes. */
export const inlineFigure = ({ height, label, marks }: Figure): Html =>
  html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">${marks}</svg>`;

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

/** A file of its own, that any program shows alike. */
export const figureFile = ({ height, label, marks }: Figure): string =>
  html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${WIDTH}"
    height="${height}"
    viewBox="0 0 ${WIDTH} ${height}"
    role="img"
    aria-label="${label}"
    font-family="${FONT}"
    font-size="13"
    fill="#2b313c"
  >
    <rect width="100%" height="100%" fill="#fff" />
    <style>
      .group {
        font-weight: 600;
      }
    </style>
    ${marks}
  </svg> `.html;

interface Point {
  row: SummaryRow;
  arm: Arm;
  mean: number;
  low: number;
  high: number;
}

const pointsOf = ({ summary }: StudyResult): Point[] =>
  summary.flatMap((row) =>
    ARM_ORDER.flatMap((arm) => {
      const found = row.arms[arm];
      if (!found) return [];
      const [low, high] = meanInterval(found, row.metric) ?? [found.mean, found.mean];
      return [{ row, arm, mean: found.mean, low, high }];
    }),
  );

/** Mean test score of every arm at every budget, a line each, with its 95 % interval. */
export function scoreFigure(result: StudyResult): Figure {
  const points = pointsOf(result);
  const { metric } = result.summary[0]!;
  const { from, to, ticks } = scaleOf(points.flatMap(({ low, high }) => [low, high]));
  const x = (value: number) => LABELS + ((value - from) / (to - from)) * (WIDTH - LABELS - RIGHT);
  const groups = result.summary.map((row) => points.filter((point) => point.row === row));
  let y = 24;
  const marks: Html[] = [];
  for (const group of groups) {
    marks.push(html`<text x="0" y="${y}" class="group">${budgetTitle(group[0]!.row)}</text>`);
    for (const { arm, mean, low, high } of group) {
      y += ROW;
      const color = colorOf(arm);
      marks.push(
        html` <text x="${LABELS - 12}" y="${y + 4}" text-anchor="end">${ARM_TITLES[arm]}</text>
          <line x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="2" />
          ${armCircle(arm, x(mean), y)}
          <text x="${WIDTH - RIGHT + 12}" y="${y + 4}">${written(metric, mean)}</text>`,
      );
    }
    y += ROW + 8;
  }
  const height = y + 34;
  const axis = ticks.map(
    (tick) =>
      html` <line x1="${x(tick)}" x2="${x(tick)}" y1="32" y2="${y - 10}" stroke="#dfe2e7" />
        <text x="${x(tick)}" y="${y + 6}" text-anchor="middle">${written(metric, tick)}</text>`,
  );
  return {
    height,
    label: `Mean test ${metricOf(metric).word} of each arm with its 95 % interval; the table below holds the numbers.`,
    marks: [
      ...axis,
      ...marks,
      html`<text x="${LABELS}" y="${y + 26}">test ${metricOf(metric).word}, mean and 95 % interval</text>`,
    ],
  };
}

/** Scores by the number of labels, where there are several: the shape of what labels buy. */
export function labelFigure(result: StudyResult): Figure | null {
  const counts = [...new Set(result.summary.map(({ labels }) => labels))].sort((a, b) => a - b);
  if (counts.length < 2) return null;
  const points = pointsOf(result);
  const { metric } = result.summary[0]!;
  const { from, to, ticks } = scaleOf(points.flatMap(({ low, high }) => [low, high]));
  const [left, right, top, bottom] = [68, WIDTH - 130, 16, 280];
  const x = (labels: number) =>
    left + (Math.log(labels / counts[0]!) / Math.log(counts.at(-1)! / counts[0]!)) * (right - left);
  const y = (value: number) => bottom - ((value - from) / (to - from)) * (bottom - top);
  // The arms that matter most come last, above the others.
  const lines = ARM_ORDER.toReversed().flatMap((arm) => {
    const own = points.filter((point) => point.arm === arm).sort((a, b) => a.row.labels - b.row.labels);
    if (own.length === 0) return [];
    const color = colorOf(arm);
    const path = own.map(({ row, mean }) => `${x(row.labels).toFixed(1)},${y(mean).toFixed(1)}`).join(' ');
    const dashed = arm === 'pretrained' || arm === 'baseline' ? 'none' : '4 3';
    return [
      html`<polyline
          points="${path}"
          fill="none"
          stroke="${color}"
          stroke-width="2"
          stroke-dasharray="${dashed}"
        />
        ${own.map(
          ({ row, mean, low, high }) =>
            html` <line
                x1="${x(row.labels)}"
                x2="${x(row.labels)}"
                y1="${y(low)}"
                y2="${y(high)}"
                stroke="${color}"
              />
              <circle cx="${x(row.labels)}" cy="${y(mean)}" r="4" fill="${color}" />`,
        )}`,
    ];
  });
  return {
    height: bottom + 52,
    label: `Mean test ${metricOf(metric).word} by the number of labels, for each arm; the tables hold the numbers.`,
    marks: [
      ...ticks.map(
        (tick) =>
          html` <line x1="${left}" x2="${right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#dfe2e7" />
            <text x="${left - 8}" y="${y(tick) + 4}" text-anchor="end">${written(metric, tick)}</text>`,
      ),
      ...counts.map(
        (count) =>
          html`<text x="${x(count)}" y="${bottom + 20}" text-anchor="middle">${formatCount(count)}</text>`,
      ),
      html`<text x="${(left + right) / 2}" y="${bottom + 42}" text-anchor="middle"
        >labels used in training (logarithmic); upwards test ${metricOf(metric).word}, mean and 95 %
        interval</text
      >`,
      ...lines,
      ...endNames(points, right, y),
    ],
  };
}

const NAMES = 150;
const LARGEST_CELL = 64;
/** Smaller cells hold no number. */
const CELL_WITH_NUMBER = 26;

/** How often each class (a line) was answered as each (a column): darker is a larger share of the line. */
export function confusionFigure(
  title: string,
  classNames: readonly string[],
  confusion: readonly (readonly number[])[],
): Figure {
  const count = classNames.length;
  const cell = Math.min(LARGEST_CELL, (WIDTH - NAMES) / count);
  const top = 44;
  const below = top + count * cell;
  const short = (name: string, signs: number) =>
    name.length > signs ? `${name.slice(0, signs - 1)}…` : name;
  const marks = confusion.flatMap((line, truth) => {
    const all = line.reduce((sum, value) => sum + value, 0);
    const y = top + truth * cell;
    return [
      html`<text x="${NAMES - 10}" y="${round(y + cell / 2 + 4)}" text-anchor="end"
        >${short(classNames[truth]!, 18)}</text
      >`,
      ...line.map((value, answer) => {
        const share = all > 0 ? value / all : 0;
        const x = NAMES + answer * cell;
        const square = html`<rect
          x="${round(x)}"
          y="${round(y)}"
          width="${round(cell)}"
          height="${round(cell)}"
          fill="#3f4cc9"
          fill-opacity="${share.toFixed(3)}"
          stroke="#dfe2e7"
        />`;
        if (cell < CELL_WITH_NUMBER) return square;
        return html`${square}<text
            x="${round(x + cell / 2)}"
            y="${round(y + cell / 2 + 4)}"
            text-anchor="middle"
            style="fill: ${share > 0.5 ? '#fff' : '#2b313c'}"
            >${formatCount(value)}</text
          >`;
      }),
    ];
  });
  const turned = classNames.map((name, answer) => {
    const [x, y] = [round(NAMES + (answer + 0.5) * cell), round(below + 14)];
    return html`<text x="${x}" y="${y}" text-anchor="end" transform="rotate(-35 ${x} ${y})"
      >${short(name, 18)}</text
    >`;
  });
  return {
    height: Math.ceil(below + 110),
    label: `${title}: how often samples of each class were answered as each class.`,
    marks: [
      html`<text x="0" y="16" class="group">${title}</text>`,
      html`<text x="${NAMES}" y="34">lines: the class they are of, columns: the answer</text>`,
      ...marks,
      ...turned,
    ],
  };
}

/** Names of the arms beside the ends of their lines, apart from each other. */
function endNames(points: readonly Point[], right: number, y: (value: number) => number): Html[] {
  const ends = ARM_ORDER.flatMap((arm) => {
    const own = points.filter((point) => point.arm === arm);
    return own.length === 0
      ? []
      : [
          {
            arm,
            at: y(own.reduce((last, point) => (point.row.labels > last.row.labels ? point : last)).mean),
          },
        ];
  }).sort((a, b) => a.at - b.at);
  let last = -Infinity;
  return ends.map(({ arm, at }) => {
    last = Math.max(at + 4, last + 16);
    return html`<text x="${right + 12}" y="${last}" style="fill: ${colorOf(arm)}">${ARM_TITLES[arm]}</text>`;
  });
}

const round = (value: number) => Math.round(value * 10) / 10;

export const written = (metric: SummaryRow['metric'], value: number): string =>
  isShare(metric) ? `${(value * 100).toFixed(1)} %` : String(Number(value.toPrecision(3)));

/** A scale of round numbers around the values, with about five ticks. */
export function scaleOf(values: readonly number[]): { from: number; to: number; ticks: number[] } {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const span = most - least || Math.abs(most) || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough)!;
  const first = Math.floor(least / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(most / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { from: ticks[0]!, to: ticks.at(-1)!, ticks };
}
