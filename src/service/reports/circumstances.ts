/** The sections of a report that say how it was found: measures, data, method, versions, and how to repeat it. */
import { describeModality } from '../../contract/data/modality.ts';
import { splitWords } from '../../contract/data/splits/split-words.ts';
import type { Dataset } from '../../contract/entities.ts';
import { humanize } from '../../contract/field-schema.ts';
import { measuredFacts } from '../../contract/results/measured.ts';
import { ARM_ORDER } from '../../contract/results/rows.ts';
import { resultsByDataset } from '../../contract/results/tested.ts';
import {
  ARM_EXPLANATIONS,
  ARM_TITLES,
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatNumber,
} from '../../contract/words.ts';
import { html, type Html } from '../../contract/html.ts';
import type { ReportContents } from './contents.ts';

export function measuredSection({ study, result }: ReportContents): Html | null {
  if (result.summary.length === 0) return null;
  const parts = resultsByDataset(result);
  const arms = ARM_ORDER.filter((arm) => result.summary.some((one) => one.arms[arm]));
  return html`<section>
    <h2>How it was measured</h2>
    ${parts.map(
      (part) =>
        html`${parts.length > 1 ? html`<h3>${part.summary[0]!.dataset}</h3>` : null}
          <dl>
            ${measuredFacts(study, part, part.summary[0]!).map(
              ({ title, text, warning }) =>
                html`<dt>${title}</dt>
                  <dd>${text}${warning ? html` <strong>${warning}</strong>` : null}</dd>`,
            )}
          </dl>`,
    )}
    ${parts.length > 1 ? html`<h3>What is compared</h3>` : null}
    <dl>
      ${arms.map(
        (arm) =>
          html`<dt>${ARM_TITLES[arm]}</dt>
            <dd>${ARM_EXPLANATIONS[arm]}</dd>`,
      )}
    </dl>
  </section>`;
}

export function dataSection({ datasets }: ReportContents): Html {
  return html`<section>
    <h2>Data and splits</h2>
    ${datasets.map(
      ({ dataset, isTested }) =>
        html`<h3>${dataset.name}</h3>
          <dl>
            <dt>Samples</dt>
            <dd>
              ${formatCounted(dataset.sampleCount, describeModality(dataset.modality).sample)} of
              ${describeModality(dataset.modality).describeShape(dataset.shape)}
              (${formatBytes(dataset.bytes)}), ${formatCount(dataset.labeledCount)} with a
              label${isTested ? '' : '; used for pretraining only'}
            </dd>
            <dt>From</dt>
            <dd>${dataset.source}</dd>
            <dt>Split</dt>
            <dd>
              ${splitWords(dataset.split)}${dataset.split.groups > 0 ? `; ${formatCounted(dataset.split.groups, 'group')}, none of them parted` : ''}
            </dd>
            ${
              dataset.copies
                ? html`<dt>Copies</dt>
                    <dd>
                      ${formatCounted(dataset.copies.heldOut, 'held-out sample')} with a copy in
                      training${dataset.copies.leftOutAt ? ', which was left out' : ''}
                    </dd>`
                : null
            }
            ${
              dataset.labels
                ? html`<dt>Labels</dt>
                    <dd>
                      version ${dataset.labels.version}: ${formatCounted(dataset.labels.changed, 'sample')}
                      changed since the import
                    </dd>`
                : null
            }
          </dl>
          ${dataset.classes.length > 0 ? classCounts(dataset) : null}`,
    )}
  </section>`;
}

const classCounts = ({ name, classes }: Dataset): Html =>
  html`<table>
    <caption>
      Labeled samples of ${name} by class and split
    </caption>
    <thead>
      <tr>
        <th scope="col">Class</th>
        <th scope="col" class="number">Train</th>
        <th scope="col" class="number">Validation</th>
        <th scope="col" class="number">Test</th>
      </tr>
    </thead>
    <tbody>
      ${classes.map(
        (one) =>
          html`<tr>
            <th scope="row">${one.name}</th>
            <td class="number">${formatCount(one.train)}</td>
            <td class="number">${formatCount(one.validation)}</td>
            <td class="number">${formatCount(one.test)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

export function unreadSection({ datasets }: ReportContents): Html {
  const withIssues = datasets.filter(({ issues }) => issues.total > 0);
  return html`<section>
    <h2>What could not be read</h2>
    ${withIssues.length === 0 ? html`<p>Everything that was found could be read.</p>` : null}
    ${withIssues.map(
      ({ dataset, issues }) =>
        html`<table>
          <caption>
            ${dataset.name}: ${formatCount(dataset.issueCounts.leftOut)} left out,
            ${formatCount(dataset.issueCounts.noted)}
            noted${issues.total > issues.first.length ? `; the first ${formatCount(issues.first.length)} of ${formatCount(issues.total)}` : ''}
          </caption>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">What happened</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            ${issues.first.map(
              ({ file, row, message, severity }) =>
                html`<tr>
                  <th scope="row" class="file">
                    ${file}${row === undefined ? '' : `, row ${formatCount(row)}`}
                  </th>
                  <td>${severity === 'noted' ? 'noted' : 'left out'}</td>
                  <td>${message}</td>
                </tr>`,
            )}
          </tbody>
        </table>`,
    )}
  </section>`;
}

export function methodSection({ study }: ReportContents): Html {
  const { pretext, finetune, encoder } = study.recipe;
  const parts: [string, Record<string, unknown> | undefined][] = [
    [`Encoder: ${encoder.family}`, encoder.options],
    ...(pretext ? [[`Pretraining: ${pretext.task}`, pretext] as [string, Record<string, unknown>]] : []),
    ...(finetune ? [['Fine-tuning', finetune] as [string, Record<string, unknown>]] : []),
  ];
  return html`<section>
    <h2>Method and settings</h2>
    ${parts.map(
      ([title, settings]) =>
        html`<h3>${title}</h3>
          <dl class="settings">
            ${Object.entries(settings ?? {})
              .filter(([name, value]) => value !== undefined && name !== 'task')
              .map(
                ([name, value]) =>
                  html`<dt>${humanize(name)}</dt>
                    <dd>${settingWords(value)}</dd>`,
              )}
          </dl>`,
    )}
    <p>What is not named here was as the program, the task and the data propose.</p>
  </section>`;
}

function settingWords(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(settingWords).join(', ');
  if (value === null) return 'none';
  return Object.entries(value as Record<string, unknown>)
    .map(([name, one]) => `${humanize(name).toLowerCase()} ${settingWords(one)}`)
    .join(', ');
}

export function repeatSection({ yaml }: ReportContents): Html {
  return html`<section>
    <h2>How to repeat it</h2>
    <p>
      Save this as <code>recipe.yaml</code> beside the data and run
      <code>pretext study run recipe.yaml</code>. The seeds are part of it: the same program on the same
      machine gives the same numbers.
    </p>
    <pre>${yaml}</pre>
  </section>`;
}

export function versionSection({ runs, program, writtenAt, study }: ReportContents): Html {
  const environments = runs.flatMap(({ environment }) => (environment ? [environment] : []));
  const names = [...new Set(environments.flatMap((one) => Object.keys(one)))].sort();
  const facts = names.flatMap((name) => {
    const values = [
      ...new Set(environments.flatMap((one) => (one[name] === undefined ? [] : [String(one[name])]))),
    ];
    // What differs from run to run (sizes of models) belongs to the runs.
    return values.length === 1 ? [[humanize(name), values[0]!] as const] : [];
  });
  return html`<section>
    <h2>Versions and runs</h2>
    <dl class="settings">
      <dt>Report written</dt>
      <dd>${writtenAt.slice(0, 16).replace('T', ' ')} UTC by Pretext Studio ${program}</dd>
      <dt>Study begun</dt>
      <dd>${study.createdAt.slice(0, 16).replace('T', ' ')} UTC</dd>
      ${facts.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <table>
      <caption>
        Runs
      </caption>
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">State</th>
          <th scope="col" class="number">Time</th>
        </tr>
      </thead>
      <tbody>
        ${runs.map(
          ({ name, status, seconds }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${status}</td>
              <td class="number">${formatDuration(seconds)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
