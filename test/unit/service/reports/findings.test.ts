import { describe, expect, it } from 'vitest';
import type { StudyResult, SummaryRow } from '../../../../src/contract/results/result.ts';
import type { Dataset } from '../../../../src/contract/entities.ts';
import {
  answerSection,
  cautionSection,
  questionSection,
  resultSection,
} from '../../../../src/service/reports/findings.ts';
import {
  cells,
  flat,
  reportContents,
  resultOfCells,
  rowOfCells,
  rowsOfCells,
  runOfCells,
} from '../../../fixtures/reports.ts';

const withResult = (more: Partial<StudyResult>) => reportContents({ result: resultOfCells(more) });

describe('the question', () => {
  const asked = (dataset: Partial<Dataset>) =>
    flat(
      questionSection(
        reportContents({
          datasets: [{ dataset: { ...cells, ...dataset }, isTested: true, issues: { total: 0, first: [] } }],
        }),
      ),
    );

  it('names what is told of which data, by their kind of target', () => {
    expect(asked({})).toContain(
      'Does pretraining (simclr) on cells, without labels, help a model to tell 2 classes of cells from few labels?',
    );
    expect(asked({ target: 'number' })).toContain('help a model to predict a number for cells');
    expect(asked({ target: 'numbers' })).toContain('help a model to predict 2 numbers for cells');
    expect(asked({ target: 'labels' })).toContain(
      'help a model to tell which of 2 labels are those of cells',
    );
  });

  it('can be asked where the dataset is gone', () => {
    expect(flat(questionSection(reportContents({ datasets: [] })))).toContain(
      'to learn from the data from few',
    );
  });
});

describe('the answer', () => {
  it('is the verdict with its interval', () => {
    expect(flat(answerSection(reportContents()))).toContain(
      '<strong>Pretraining added 10.0 points.</strong>95 % interval 4.0 to 16.0',
    );
  });

  it('is not there yet where nothing was measured', () => {
    expect(flat(answerSection(withResult({ summary: [] })))).toBe(
      '<section><h2>Answer</h2><p>There is no result yet.</p></section>',
    );
  });

  it('says what pretraining is worth in labels', () => {
    const point = {
      arm: 'pretrained' as const,
      labels: 20,
      worth: { labels: 61.2, is: 'about' as const },
      interval: {
        low: { labels: 40, is: 'about' as const },
        high: { labels: 100, is: 'more-than' as const },
      },
    };
    const worth = withResult({
      labelEfficiency: { seeds: 2, points: [point] } as unknown as StudyResult['labelEfficiency'],
    });
    expect(flat(answerSection(worth))).toContain(
      '20 labels do what 61 did from scratch, 95 % interval 40 to more than 100.',
    );
    expect(flat(resultSection(worth))).toContain(
      '(2 seeds)</caption><thead><tr><th scope="col">Arm</th><th scope="col" class="number">Labels</th><th scope="col" class="number">From scratch</th><th scope="col">95 % interval</th></tr></thead><tbody><tr><th scope="row">Pretrained</th><td class="number">20</td><td class="number">61</td><td>40 to more than 100</td>',
    );
  });
});

describe('cautions', () => {
  it('are none where nothing hides behind the numbers', () => {
    expect(flat(cautionSection(reportContents()))).toContain(
      '<p>None: nothing was found that the numbers hide.</p>',
    );
  });

  it('are all that was found, failures and findings by the names of their runs', () => {
    const finding = { kind: 'divergence', run: 'r', step: 4, epoch: 2, message: 'It climbs.', advice: '' };
    const contents = withResult({
      cautions: [{ code: 'x', message: 'Settings <differ>.' }],
      transductive: true,
      findings: [
        { ...finding, overAtStep: null },
        { ...finding, run: 'gone', overAtStep: 9 },
      ] as unknown as StudyResult['findings'],
    });
    const runs = [
      runOfCells({}),
      runOfCells({
        id: 'f',
        name: 'baseline-1',
        status: 'failed',
        failure: { code: 'x', message: 'No room.' },
      }),
      runOfCells({ id: 'g', name: 'baseline-2', status: 'failed' }),
    ];
    const study = { ...contents.study, status: 'paused' as const };
    const items = flat(cautionSection({ ...contents, runs, study })).match(/<li>.*?<\/li>/g);
    expect(items).toEqual([
      '<li>The study is paused: what is here may still change.</li>',
      '<li>Settings &lt;differ&gt;.</li>',
      '<li>Transductive: pretraining saw the validation and test samples, without their labels.</li>',
      '<li>simclr-1, epoch 2: It climbs.</li>',
      '<li>gone, epoch 2 (over later): It climbs.</li>',
      '<li>baseline-1 failed: No room.</li>',
      '<li>baseline-2 failed: for a reason that is not known</li>',
    ]);
  });
});

describe('results', () => {
  it('are none before there is one', () => {
    expect(resultSection(withResult({ summary: [] }))).toBeNull();
  });

  it('are each arm’s mean, interval, deviation, seeds and gap, and the difference in words', () => {
    const text = flat(resultSection(reportContents()));
    expect(text).toContain('10 per class: accuracy on test samples of cells, 20 labels in all');
    const row = (...cellsOf: string[]) => cellsOf.map((cell) => `<td class="number">${cell}</td>`).join('');
    expect(text).toContain(
      `<th scope="row">Pretrained</th>${row('80.0 %', '75.0 % to 85.0 %', '2.0 %', '2', '−0.050')}`,
    );
    expect(text).toMatch(/Baseline<\/th>.*?70\.0 %.*?not known.*?1\.0 %.*?>2<.*?0\.200/);
    expect(text).toContain('paired by seed: +10.0 points (positive is better), 95 % interval +4.0');
    expect(text).not.toContain('Calibration error');
  });

  it('say that nothing is known of how sure a difference is where all seeds agree', () => {
    const same = { ...rowOfCells.difference!, mean: -0.1, low: -0.1, high: -0.1 };
    const text = flat(resultSection(withResult({ summary: [{ ...rowOfCells, difference: same }] })));
    expect(text).toContain('−10.0 points (positive is better), how sure that is, is not known');
  });

  it('show calibration before and after, where some arm has it', () => {
    const { pretrained, baseline } = rowOfCells.arms;
    const arms: SummaryRow['arms'] = {
      pretrained: { ...pretrained!, calibration: { before: 0.1234, after: 0.05, temperature: 1.5 } },
      baseline: baseline!,
      'knn-probe': { ...baseline!, calibration: { before: 0.3, after: null, temperature: null } },
    };
    const text = flat(resultSection(withResult({ summary: [{ ...rowOfCells, arms }] })));
    expect(text).toContain('<td class="number">0.123 → 0.050</td>');
    expect(text).toContain('<td class="number">0.300</td>');
    expect(text).toContain('<td class="number">–</td>');
  });

  it('sum what was taken for what over seeds, and average what is found of each class', () => {
    const text = flat(resultSection(reportContents()));
    const row = (...counts: string[]) => counts.map((count) => `<td class="number">${count}</td>`).join('');
    // Recalls of two seeds: 0.5 and 1, 0.4 and 0.6; 0.75 and 0.25, 0.9 and 0.9.
    expect(text).toMatch(/round &amp; small<\/th><td class="number">30<.*?75\.0 %.*?50\.0 %/);
    expect(text).toMatch(/long<\/th><td class="number">60<.*?50\.0 %.*?90\.0 %/);
    expect(text).toContain('What was taken for what: pretrained, test samples summed over seeds');
    expect(text).toContain(
      '<th scope="row">round &amp; small</th><td class="number right">50</td><td class="number">10</td>',
    );
    expect(text).toContain(`<th scope="row">long</th>${row('15')}<td class="number right">1,105</td>`);
  });

  it('are of each label by itself where there are several, with how many samples have it', () => {
    const perTarget = [
      { name: 'edema', samples: 50, positives: 5, scores: { auroc: 0.9 } },
      { name: 'cyst', samples: 40, positives: 0, scores: {} },
    ];
    const row: SummaryRow = { ...rowOfCells, metric: 'auroc', several: true };
    const results = rowsOfCells.map((one) => ({
      ...one,
      confusion: undefined,
      perClass: undefined,
      metric: 'auroc' as const,
      perTarget,
    }));
    const text = flat(resultSection(withResult({ summary: [row], results })));
    expect(text).toContain('of each label, 10 labels per class, on the test samples where it is known');
    expect(text).toMatch(
      /edema<\/th><td class="number">50<\/td><td class="number">5<\/td><td class="number">/,
    );
    expect(text).toMatch(
      /cyst<\/th><td class="number">40<\/td><td class="number">0<\/td><td class="number">–<\/td><td class="number">–</,
    );
    expect(text).not.toContain('What was taken for what');
  });
});
