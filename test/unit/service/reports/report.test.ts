import { describe, expect, it } from 'vitest';
import type { Arm } from '../../../../src/contract/recipe/recipe.ts';
import { insertIssues, saveResult, setStudyStatus, updateRun } from '../../../../src/project/index.ts';
import { scaleOf } from '../../../../src/service/reports/figures.ts';
import { html } from '../../../../src/contract/html.ts';
import { studyReport } from '../../../../src/service/reports/report.ts';
import { studyResult } from '../../../../src/service/results/study.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

/** How it stands on several lines means nothing. */
const reportOf = (...asked: Parameters<typeof studyReport>) => studyReport(...asked).replaceAll(/\s+/g, ' ');

const NOW = new Date('2026-05-04T03:02:01Z');

function reported(budgets: number[] = [5], leftOut = 0) {
  const project = temporaryProject();
  const study = addStudy(project);
  const scores: [Arm, number[]][] = [
    ['pretrained', [0.8, 0.75]],
    ['baseline', [0.6, 0.62]],
  ];
  for (const perClass of budgets)
    for (const [arm, tests] of scores) {
      const run = addRun(project, study, { kind: 'finetune', title: arm, arm, budget: { perClass } });
      updateRun(project, run.id, { seconds: 10, status: 'done', environment: { tensorflow: '2.21.0' } });
      tests.forEach((test, index) =>
        saveResult(project, run.id, {
          arm,
          dataset: 'small',
          labels: 2 * perClass,
          labelsPerClass: perClass,
          seed: index + 1,
          metric: 'accuracy',
          test: test + perClass / 1000,
          validation: test,
          train: 1,
          confusion: [
            [7, 1],
            [2, 6],
          ],
          perClass: [
            { name: '<b>left</b>', support: 8, precision: 0.8, recall: 0.875, f1: 0.84 },
            { name: 'right', support: 8, precision: 0.8, recall: 0.75, f1: 0.78 },
          ],
        }),
      );
    }
  const samples = [sample(0, { split: 0, group: 'a' }), sample(1, { split: 2, group: 'b' })];
  const { key } = addDataset(project, 'small', samples, { issueCounts: { leftOut, noted: 0 } });
  setStudyStatus(project, study, 'done');
  return { project, study, key };
}

describe('a report', () => {
  it('says what the result says, with its intervals', () => {
    const { project, study } = reported();
    const text = reportOf(project, study, NOW);
    const [row] = studyResult(project, study).summary;
    const { low, high } = row!.difference!;
    // Differences 0.20 and 0.13: mean 16.5 points.
    expect(text).toContain('Pretraining');
    expect(text).toContain(
      `95 % interval ${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)}`.replaceAll('-', '−'),
    );
    expect(text).toContain('78.0 %');
    expect(text).toContain('written down on 2026-05-04');
    expect(text).toContain('2.21.0');
    expect(text).toContain('<td class="number right">14</td>');
  });

  it('is one file that asks for nothing and runs nothing', () => {
    const { project, study } = reported();
    const text = reportOf(project, study, NOW);
    expect(text).not.toMatch(/<(script|link|img|iframe)\b|\bsrc=|url\(|http:\/\/|https:\/\//);
    expect(text).toContain("default-src 'none'");
  });

  it('takes names for text, whatever they hold', () => {
    const { project, study } = reported();
    const text = reportOf(project, study, NOW);
    expect(text).not.toContain('<b>left</b>');
    expect(text).toContain('&lt;b&gt;left&lt;/b&gt;');
    expect(html`<p title="${'"x"'}">${['a<', html`<i>b</i>`]}${null}${false}${0}</p>`.html).toBe(
      '<p title="&quot;x&quot;">a&lt;<i>b</i>0</p>',
    );
  });

  it('draws the curve over labels only where there are several numbers of labels', () => {
    const one = reported();
    expect(reportOf(one.project, one.study, NOW)).not.toContain('(logarithmic)');
    const several = reported([5, 50]);
    const text = reportOf(several.project, several.study, NOW);
    expect(text).toContain('(logarithmic)');
    expect(text.match(/<polyline/g)).toHaveLength(2);
    expect(text).not.toContain('NaN');
  });

  it('names what could not be read', () => {
    const { project, study, key } = reported([5], 70);
    const issue = { reason: 'broken', message: 'The file ends too early.', severity: 'left-out' as const };
    insertIssues(
      project,
      key,
      0,
      Array.from({ length: 70 }, (_, at) => ({ ...issue, file: `cell-${at}.png` })),
    );
    const text = reportOf(project, study, NOW);
    expect(text).toContain('70 left out, 0 noted; the first 50 of 70');
    expect(text).toContain('cell-49.png');
    expect(text).not.toContain('cell-50.png');
    expect(text).toContain('The file ends too early.');
    const sound = reported();
    expect(reportOf(sound.project, sound.study, NOW)).toContain('Everything that was found could be read.');
  });

  it('tells a study without results as one', () => {
    const project = temporaryProject();
    const study = addStudy(project);
    addDataset(project, 'small', [sample(0, { split: 0 })]);
    const text = reportOf(project, study, NOW);
    expect(text).toContain('There is no result yet.');
    expect(text).toContain('what is here may still change');
  });
});

it('scales are round and hold all values', () => {
  expect(scaleOf([0.613, 0.842])).toEqual({ from: 0.6, to: 0.9, ticks: [0.6, 0.7, 0.8, 0.9] });
  expect(scaleOf([12, 97]).ticks).toEqual([0, 50, 100]);
  const flat = scaleOf([0.5, 0.5]);
  expect(flat.from).toBeLessThanOrEqual(0.5);
  expect(flat.to).toBeGreaterThan(flat.from);
});
