import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../src/contract/entities.ts';
import {
  dataSection,
  measuredSection,
  methodSection,
  repeatSection,
  unreadSection,
  versionSection,
} from '../../../../src/service/reports/circumstances.ts';
import { cells, flat, reportContents, resultOfCells, runOfCells } from '../../../fixtures/reports.ts';

const of = (dataset: Partial<Dataset>, isTested = true) =>
  reportContents({
    datasets: [{ dataset: { ...cells, ...dataset }, isTested, issues: { total: 0, first: [] } }],
  });
const factOf = (text: string, title: string) =>
  text.split(`<dt>${title}</dt><dd>`)[1]?.split('</dd>')[0] ?? null;

describe('how it was measured', () => {
  it('tells each fact, warns of test samples that were seen, and explains the arms that there are', () => {
    const text = flat(measuredSection(reportContents()));
    expect(factOf(text, 'Labels')).toMatch(/^10 labels per class, 20 in all/);
    expect(factOf(text, 'Seeds')).toMatch(/^2 seeds \(1, 2\)/);
    expect(factOf(text, 'Pretrained')).not.toBeNull();
    expect(factOf(text, 'Frozen encoder')).toBeNull();
    expect(text).not.toContain('<strong>');
    const seen = flat(measuredSection(reportContents({ result: resultOfCells({ transductive: true }) })));
    expect(seen).toContain('<strong>Transductive: the encoder has seen the test samples.</strong>');
  });

  it('is nothing before there is a result', () => {
    expect(measuredSection(reportContents({ result: resultOfCells({ summary: [] }) }))).toBeNull();
  });
});

describe('data and splits', () => {
  it('are counted by class and split, and their place is taken for text', () => {
    const text = flat(dataSection(reportContents()));
    expect(factOf(text, 'Samples')).toMatch(
      /^1,200 images of 48 × 32 px, grey \(1\.8 MB\), 900 with a label$/,
    );
    expect(factOf(text, 'From')).toBe('/data/&lt;cells&gt;');
    expect(text).toContain(
      '<th scope="row">round &amp; small</th><td class="number">1,000</td><td class="number">20</td><td class="number">30</td>',
    );
    expect([factOf(text, 'Copies'), factOf(text, 'Labels')]).toEqual([null, null]);
  });

  it('tell of groups, copies and changed labels where there are some', () => {
    const copies = { heldOut: 1, leftOutAt: null } as unknown as Dataset['copies'];
    const labels = { version: 2, changed: 3 } as unknown as Dataset['labels'];
    const text = flat(
      dataSection(of({ copies, labels, classes: [], split: { ...cells.split, groups: 4 } }, false)),
    );
    expect(factOf(text, 'Samples')).toMatch(/; used for pretraining only$/);
    expect(factOf(text, 'Split')).toMatch(/; 4 groups, none of them parted$/);
    expect(factOf(text, 'Copies')).toBe('1 held-out sample with a copy in training');
    expect(factOf(text, 'Labels')).toBe('version 2: 3 samples changed since the import');
    expect(text).not.toContain('<table>');
    const leftOut = { heldOut: 2, leftOutAt: '2026' } as unknown as Dataset['copies'];
    expect(factOf(flat(dataSection(of({ copies: leftOut }))), 'Copies')).toBe(
      '2 held-out samples with a copy in training, which was left out',
    );
  });
});

it('what could not be read stands there with its row and its reason, the first of many', () => {
  expect(flat(unreadSection(reportContents()))).toContain('<p>Everything that was found could be read.</p>');
  const first = [
    { file: 'a<1>.csv', row: 1234, reason: 'x', message: 'No number.', severity: 'left-out' as const },
    { file: 'b.gif', reason: 'x', message: 'The first frame.', severity: 'noted' as const },
  ];
  const dataset = { ...cells, issueCounts: { leftOut: 2000, noted: 1 } };
  const text = flat(
    unreadSection(
      reportContents({ datasets: [{ dataset, isTested: true, issues: { total: 2001, first } }] }),
    ),
  );
  expect(text).toContain('<caption>cells: 2,000 left out, 1 noted; the first 2 of 2,001</caption>');
  expect(text).toContain('a&lt;1&gt;.csv, row 1,234</th><td>left out</td><td>No number.</td>');
  expect(text).toContain('b.gif</th><td>noted</td><td>The first frame.</td>');
});

it('the method is every setting of the recipe, in words', () => {
  const contents = reportContents();
  const text = flat(methodSection(contents));
  expect(text).toContain('<h3>Encoder: residual</h3><dl class="settings"><dt>Width</dt><dd>8</dd></dl>');
  expect(text).toContain('<h3>Pretraining: simclr</h3>');
  expect(factOf(text, 'Batch size')).toBe('32');
  expect(factOf(text, 'Budgets')).toBe('per class 10');
  expect(text).not.toContain('undefined');
  const { pretext: _, ...recipe } = contents.study.recipe;
  const without = flat(methodSection({ ...contents, study: { ...contents.study, recipe } }));
  expect(without).not.toContain('Pretraining:');
});

it('the recipe can be taken from the page', () => {
  expect(repeatSection(reportContents()).html).toContain('<pre>name: &quot;Cells &amp; more&quot;\n</pre>');
});

it('versions are those that all runs agree on; what differs from run to run is left to the runs', () => {
  const runs = [
    runOfCells({ environment: { device: 'cpu', threads: 2, modelParameters: 100 } as never }),
    runOfCells({
      name: 'baseline-1',
      status: 'failed',
      seconds: 3600,
      environment: { device: 'cpu', modelParameters: 200 } as never,
    }),
    runOfCells({ name: 'waits', status: 'queued', seconds: 0 }),
  ];
  const text = flat(versionSection(reportContents({ runs })));
  expect(factOf(text, 'Report written')).toBe('2026-05-04 03:02 UTC by Pretext Studio 1.2.3');
  expect(factOf(text, 'Study begun')).toBe('2026-05-03 10:20 UTC');
  expect(factOf(text, 'Device')).toBe('cpu');
  expect(factOf(text, 'Threads')).toBe('2');
  expect(factOf(text, 'Model parameters')).toBeNull();
  expect(text).toContain('<th scope="row">baseline-1</th><td>failed</td><td class="number">1 h');
});
