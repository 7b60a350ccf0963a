/** The sections of a report that say what was found: answer, cautions, results. */
import type { Dataset } from '../../contract/entities.ts';
import { answerOf, differenceWords } from '../../contract/results/answer.ts';
import {
  countWords,
  tellingPoint,
  worthIntervalWords,
  worthSentence,
} from '../../contract/results/label-worth.ts';
import { metricOf } from '../../contract/results/metric.ts';
import type { Difference, StudyResult, SummaryRow } from '../../contract/results/result.ts';
import { scopeWords } from '../../contract/results/verdict.ts';
import {
  armsOf,
  classRows,
  meanInterval,
  rowsOf,
  sumConfusion,
  targetMetric,
  targetRows,
} from '../../contract/results/rows.ts';
import { datasetMark, resultsByDataset, testedNames } from '../../contract/results/tested.ts';
import { togetherRows, togetherSentence } from '../../contract/results/together-words.ts';
import { reasonSentences, recommendationSentence } from '../../contract/results/tournament-words.ts';
import {
  ARM_TITLES,
  budgetTitle,
  formatCount,
  formatCounted,
  formatNumber,
  formatScore,
  labelsWords,
} from '../../contract/words.ts';
import { foldTables } from './folds.ts';
import { inlineFigure, labelFigure, scoreFigure } from './figures.ts';
import { html, type Html } from '../../contract/html.ts';
import type { ReportContents } from './contents.ts';

/** Classes above this many are told by their table alone. */
const LARGEST_CONFUSION = 20;

function askedOf({ target, classes }: Dataset): string {
  switch (target) {
    case 'number':
      return 'predict a number for';
    case 'numbers':
      return `predict ${formatCounted(classes.length, 'number')} for`;
    case 'labels':
      return `tell which of ${formatCounted(classes.length, 'label')} are those of`;
    case 'classes':
      return `tell ${formatCounted(classes.length, 'class', 'classes')} of`;
  }
}

export function questionSection({ study, datasets }: ReportContents): Html {
  const { recipe } = study;
  const tested = datasets.filter(({ isTested }) => isTested);
  const task = recipe.pretext?.task;
  const asked =
    tested.length === 0
      ? `learn from ${recipe.data.finetune ?? 'the data'}`
      : tested.map(({ dataset }) => `${askedOf(dataset)} ${dataset.name}`).join(', and ');
  return html`<section>
    <h2>Question</h2>
    <p>
      Does pretraining${task ? ` (${task})` : ''} on ${recipe.data.pretrain.join(' and ')}, without labels,
      help a model to ${asked} from few labels? The honest comparison is the same model, trained alike on the
      same labels, but started from random weights.
    </p>
  </section>`;
}

export function answerSection({ result }: ReportContents): Html {
  const stands = result.tournament ? recommendationSentence(result.tournament) : null;
  const worth = resultsByDataset(result).flatMap((part) => {
    const telling = tellingPoint(part);
    return telling ? `${datasetMark(result, part.summary[0]!)}${worthSentence(telling)}` : [];
  });
  return html`<section>
    <h2>Answer</h2>
    ${result.summary.length === 0 && !stands ? html`<p>There is no result yet.</p>` : null}
    ${result.summary.map((row) => {
      const { headline, detail } = answerOf(row);
      const of = testedNames(result).length > 1 ? `On ${row.dataset}: ` : '';
      return html`<p class="answer">${of}<strong>${headline}.</strong> ${detail}</p>`;
    })}
    ${stands ? html`<p class="answer">${stands} ${reasonSentences(result.tournament!).join(' ')}</p>` : null}
    ${worth.map((sentence) => html`<p>${sentence}</p>`)}
  </section>`;
}

export function cautionSection({ study, result, runs }: ReportContents): Html {
  const nameOf = new Map(runs.map(({ id, name }) => [id, name]));
  const told = [
    ...(study.status === 'done' ? [] : [`The study is ${study.status}: what is here may still change.`]),
    ...(result.cautions ?? []).map(({ message }) => message),
    ...(result.transductive
      ? ['Transductive: pretraining saw the validation and test samples, without their labels.']
      : []),
    ...(result.findings ?? []).map(
      ({ run, message, overAtStep, epoch }) =>
        `${nameOf.get(run) ?? run}, epoch ${formatNumber(epoch)}${overAtStep === null ? '' : ' (over later)'}: ${message}`,
    ),
    ...runs
      .filter(({ status }) => status === 'failed')
      .map(({ name, failure }) => `${name} failed: ${failure?.message ?? 'for a reason that is not known'}`),
  ];
  return html`<section>
    <h2>Cautions</h2>
    ${
      told.length === 0
        ? html`<p>None: nothing was found that the numbers hide.</p>`
        : html`<ul>
            ${told.map((message) => html`<li>${message}</li>`)}
          </ul>`
    }
  </section>`;
}

export function resultSection({ result }: ReportContents): Html | null {
  if (result.summary.length === 0) return null;
  const parts = resultsByDataset(result);
  return html`<section>
    <h2>Results</h2>
    ${parts.map((part) => html`${parts.length > 1 ? html`<h3>${part.summary[0]!.dataset}</h3>` : null}${resultsOf(part)}`)}
    ${togetherTable(result)}
  </section>`;
}

/** Of one dataset. */
function resultsOf(result: StudyResult): Html {
  const byLabels = labelFigure(result);
  return html`<figure>
      ${inlineFigure(scoreFigure(result))}
      <figcaption>Test scores: a dot is the mean over seeds, a line its 95 % interval.</figcaption>
    </figure>
    ${
      byLabels
        ? html`<figure>
            ${inlineFigure(byLabels)}
            <figcaption>What more labels buy each arm.</figcaption>
          </figure>`
        : null
    }
    ${result.summary.map(summaryTable)} ${foldTables(result)} ${worthTable(result)}
    ${classTables(result, result.summary[0]!)} ${result.summary.map((row) => targetTable(result, row))}`;
}

/** What the datasets add to each other, where that was compared. */
function togetherTable(result: StudyResult): Html | null {
  const rows = togetherRows(result);
  if (rows.length === 0) return null;
  const signed = (row: SummaryRow, value: number) => `${value < 0 ? '−' : '+'}${differenceWords(row, value)}`;
  const sentence = togetherSentence(result);
  return html`<h3>What putting the datasets together bought</h3>
    ${sentence ? html`<p>${sentence}</p>` : null}
    <table>
      <caption>
        Paired differences over seeds, positive is better
      </caption>
      <thead>
        <tr>
          <th scope="col">Tested on</th>
          <th scope="col">Labels</th>
          <th scope="col">What is compared</th>
          <th scope="col" class="number">Difference</th>
          <th scope="col" class="number">95 % interval</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ dataset, labels, pair, difference: { mean, low, high }, row }) =>
            html`<tr>
              <th scope="row">${dataset}</th>
              <td>${labels}</td>
              <td>${pair}</td>
              <td class="number">${signed(row, mean)}</td>
              <td class="number">
                ${low === high ? 'not known' : `${signed(row, low)} to ${signed(row, high)}`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function summaryTable(row: SummaryRow): Html {
  const { metric, difference } = row;
  const calibrated = armsOf(row).some((arm) => row.arms[arm]!.calibration);
  return html`<table>
      <caption>
        ${budgetTitle(row)}: ${metricOf(metric).word} on test samples of ${row.dataset},
        ${formatCount(row.labels)} labels in all
      </caption>
      <thead>
        <tr>
          <th scope="col">Arm</th>
          <th scope="col" class="number">Mean</th>
          <th scope="col" class="number">95 % interval</th>
          <th scope="col" class="number">Deviation</th>
          <th scope="col" class="number">Seeds</th>
          <th scope="col" class="number">Overfit gap</th>
          ${calibrated ? html`<th scope="col" class="number">Calibration error</th>` : null}
        </tr>
      </thead>
      <tbody>
        ${armsOf(row).map((arm) => {
          const { mean, sd, n, overfitGap, calibration } = row.arms[arm]!;
          const interval = meanInterval(row.arms[arm]!, metric);
          return html`<tr>
            <th scope="row">${ARM_TITLES[arm]}</th>
            <td class="number">${formatScore(metric, mean)}</td>
            <td class="number">
              ${interval ? `${formatScore(metric, interval[0])} to ${formatScore(metric, interval[1])}` : 'not known'}
            </td>
            <td class="number">${formatScore(metric, sd)}</td>
            <td class="number">${n}</td>
            <td class="number">${overfitGap.toFixed(3).replace('-', '−')}</td>
            ${calibrated ? html`<td class="number">${calibration ? `${calibration.before.toFixed(3)}${calibration.after === null ? '' : ` → ${calibration.after.toFixed(3)}`}` : '–'}</td>` : null}
          </tr>`;
        })}
      </tbody>
    </table>
    ${difference ? html`<p>${differenceSentence(row, difference)}</p>` : null}`;
}

/** Positive is better, whatever the metric. */
function differenceSentence(row: SummaryRow, difference: Difference): string {
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${differenceWords(row, value)}`;
  const { of, mean, low, high } = difference;
  const arms = `${ARM_TITLES[of[0]]} against ${ARM_TITLES[of[1]].toLowerCase()}, paired by seed`;
  const interval =
    low === high ? 'how sure that is, is not known' : `95 % interval ${signed(low)} to ${signed(high)}`;
  return `${arms}: ${signed(mean)} (positive is better), ${interval} ${scopeWords(difference)}.`;
}

function worthTable({ labelEfficiency }: StudyResult): Html | null {
  if (!labelEfficiency) return null;
  return html`<table>
    <caption>
      What labels are worth after pretraining, read off the baseline’s curve
      (${formatCounted(labelEfficiency.seeds, 'seed')})
    </caption>
    <thead>
      <tr>
        <th scope="col">Arm</th>
        <th scope="col" class="number">Labels</th>
        <th scope="col" class="number">From scratch</th>
        <th scope="col">95 % interval</th>
      </tr>
    </thead>
    <tbody>
      ${labelEfficiency.points.map(
        ({ arm, labels, worth, interval }) =>
          html`<tr>
            <th scope="row">${ARM_TITLES[arm]}</th>
            <td class="number">${formatCount(labels)}</td>
            <td class="number">${countWords(worth)}</td>
            <td>${interval ? worthIntervalWords(interval) : 'not known'}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Of several labels or numbers each by itself. */
function targetTable(result: StudyResult, row: SummaryRow): Html | null {
  const lines = targetRows(result, row);
  if (lines.length === 0) return null;
  const arms = armsOf(row).filter((arm) => lines.some(({ scores }) => scores[arm] !== undefined));
  const ofLabels = lines.some(({ positives }) => positives !== undefined);
  return html`<table>
    <caption>
      ${metricOf(targetMetric(row.metric)).title} of each ${ofLabels ? 'label' : 'number'},
      ${labelsWords(row)}, on the test samples where it is known, mean over seeds
    </caption>
    <thead>
      <tr>
        <th scope="col">${ofLabels ? 'Label' : 'Number'}</th>
        <th scope="col" class="number">Test samples</th>
        ${ofLabels ? html`<th scope="col" class="number">With it</th>` : null}
        ${arms.map((arm) => html`<th scope="col" class="number">${ARM_TITLES[arm]}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${lines.map(
        ({ name, samples, positives, scores }) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td class="number">${formatCount(samples)}</td>
            ${ofLabels ? html`<td class="number">${formatCount(positives ?? 0)}</td>` : null}
            ${arms.map((arm) => html`<td class="number">${scores[arm] === undefined ? '–' : formatScore(targetMetric(row.metric), scores[arm])}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Per class and the confusion of classes, at one budget. */
function classTables(result: StudyResult, row: SummaryRow): Html | null {
  const classes = classRows(result, row);
  if (classes.length === 0) return null;
  const arms = armsOf(row).filter((arm) => classes.some(({ recall }) => recall[arm] !== undefined));
  const shown = arms.includes('pretrained') ? 'pretrained' : arms[0]!;
  const confusion = classes.length <= LARGEST_CONFUSION ? sumConfusion(rowsOf(result, row, shown)) : null;
  return html`<table>
      <caption>
        Share of each class that is found (recall), ${labelsWords(row)}, mean over seeds
      </caption>
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col" class="number">Test samples</th>
          ${arms.map((arm) => html`<th scope="col" class="number">${ARM_TITLES[arm]}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${classes.map(
          ({ name, support, recall }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td class="number">${formatCount(support)}</td>
              ${arms.map((arm) => html`<td class="number">${recall[arm] === undefined ? '–' : `${(recall[arm] * 100).toFixed(1)} %`}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      confusion
        ? html`<table class="confusion">
            <caption>
              What was taken for what: ${ARM_TITLES[shown].toLowerCase()}, test samples summed over seeds
            </caption>
            <thead>
              <tr>
                <th scope="col">True class</th>
                ${classes.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${confusion.map(
                (line, index) =>
                  html`<tr>
                    <th scope="row">${classes[index]!.name}</th>
                    ${line.map(
                      (count, at) =>
                        html`<td class="number${at === index ? ' right' : ''}">${formatCount(count)}</td>`,
                    )}
                  </tr>`,
              )}
            </tbody>
          </table>`
        : null
    }`;
}
