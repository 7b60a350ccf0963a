/** What each fold scored, in a report: who was tested, by whom it was trained, and a dot for each arm. */
import { differenceWords } from '../../contract/results/answer.ts';
import { foldScores, foldsSentence, testedWords, type FoldScores } from '../../contract/results/folds.ts';
import { metricOf } from '../../contract/results/metric.ts';
import type { StudyResult, SummaryRow } from '../../contract/results/result.ts';
import { armsOf } from '../../contract/results/rows.ts';
import { html, type Html } from '../../contract/html.ts';
import { ARM_TITLES, budgetTitle, formatCount, formatScore } from '../../contract/words.ts';
import {
  armCircle,
  inlineFigure,
  LABELS,
  RIGHT,
  ROW,
  scaleOf,
  WIDTH,
  written,
  type Figure,
} from './figures.ts';

/** Of more folds the table alone tells. */
const MOST_IN_FIGURE = 40;
const NAME_SIGNS = 26;

/** Null where the study has no folds. */
export function foldTables(result: StudyResult): Html | null {
  if (!result.folds) return null;
  return html`<h3>By fold</h3>
    <p>${foldsSentence(result.folds)}</p>
    ${result.summary.map((row) => foldTable(result, row))}`;
}

function foldTable(result: StudyResult, row: SummaryRow): Html {
  const { by } = result.folds!;
  const arms = armsOf(row);
  const figure = foldFigure(result, row);
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${differenceWords(row, value)}`;
  return html`${
      figure
        ? html`<figure>
            ${inlineFigure(figure)}
            <figcaption>${budgetTitle(row)}: a dot is the mean over the seeds of a fold.</figcaption>
          </figure>`
        : null
    }
    <table>
      <caption>
        ${budgetTitle(row)}: ${metricOf(row.metric).word} on the test samples of each fold
      </caption>
      <thead>
        <tr>
          <th scope="col">Tested</th>
          <th scope="col" class="number">Test samples</th>
          ${arms.map((arm) => html`<th scope="col" class="number">${ARM_TITLES[arm]}</th>`)}
          <th scope="col" class="number">Difference</th>
          <th scope="col">Validated</th>
          <th scope="col" class="number">Training groups</th>
        </tr>
      </thead>
      <tbody>
        ${foldScores(result, row).map(
          (fold) =>
            html`<tr>
              <th scope="row">${testedWords(fold, by)}</th>
              <td class="number">${fold.samples ? formatCount(fold.samples.test) : '–'}</td>
              ${arms.map((arm) => html`<td class="number">${fold.arms[arm] === undefined ? '–' : formatScore(row.metric, fold.arms[arm])}</td>`)}
              <td class="number">${fold.difference === null ? '–' : signed(fold.difference)}</td>
              <td>${testedWords({ test: fold.validation }, by)}</td>
              <td class="number">${formatCount(fold.train.groups)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

/** A line for each fold; null where there are none, or more than a figure shows. */
export function foldFigure(result: StudyResult, row: SummaryRow): Figure | null {
  const folds = foldScores(result, row).filter(({ arms }) => Object.keys(arms).length > 0);
  if (folds.length === 0 || folds.length > MOST_IN_FIGURE) return null;
  const { metric } = row;
  const { from, to, ticks } = scaleOf(folds.flatMap(({ arms }) => Object.values(arms)));
  const x = (value: number) => LABELS + ((value - from) / (to - from)) * (WIDTH - LABELS - RIGHT);
  const top = 52;
  const below = top + folds.length * ROW;
  const arms = armsOf(row);
  return {
    height: below + 34,
    label: `Test ${metricOf(metric).word} of each arm by fold, ${budgetTitle(row)}; the table holds the numbers.`,
    marks: [
      ...arms.map((arm, at) => {
        const start = (at % 4) * 170 + 8;
        const y = 10 + Math.floor(at / 4) * 18;
        return html`${armCircle(arm, start, y)}<text x="${start + 12}" y="${y + 4}"
            >${ARM_TITLES[arm]}</text
          >`;
      }),
      ...ticks.map(
        (tick) =>
          html` <line x1="${x(tick)}" x2="${x(tick)}" y1="${top - 8}" y2="${below - 10}" stroke="#dfe2e7" />
            <text x="${x(tick)}" y="${below + 6}" text-anchor="middle">${written(metric, tick)}</text>`,
      ),
      ...folds.flatMap((fold, at) => foldLine(fold, result.folds!.by, top + at * ROW + 8, arms, x)),
      html`<text x="${LABELS}" y="${below + 26}">test ${metricOf(metric).word} by fold</text>`,
    ],
  };
}

function foldLine(
  fold: FoldScores,
  by: string,
  y: number,
  arms: ReturnType<typeof armsOf>,
  x: (value: number) => number,
): Html[] {
  const name = testedWords(fold, by);
  const short = name.length > NAME_SIGNS ? `${name.slice(0, NAME_SIGNS - 1)}…` : name;
  return [
    html`<text x="${LABELS - 12}" y="${y + 4}" text-anchor="end">${short}</text>`,
    // Those that matter most above the others.
    ...arms.toReversed().flatMap((arm) => {
      const score = fold.arms[arm];
      return score === undefined ? [] : [armCircle(arm, x(score), y)];
    }),
  ];
}
