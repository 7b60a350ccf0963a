import { expect, it } from 'vitest';
import { reportPage } from '../../../../src/service/reports/page.ts';
import { modelNote } from '../../../fixtures/models.ts';
import { reportContents, resultOfCells } from '../../../fixtures/reports.ts';

const headings = (page: string) => [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);

it('is one whole page that answers first, and tells then how it was found', () => {
  const { model } = modelNote('aaaaaaaaaa-1');
  const page = reportPage(reportContents({ models: [model] }));
  expect(page).toMatch(/^<!doctype html>\s*<html lang="en">/);
  expect(page).toContain('<title>Cells &amp; more: report</title>');
  expect(page).toContain('<meta name="generator" content="Pretext Studio 1.2.3" />');
  expect(page).toContain('written down on 2026-05-04</p>');
  expect(headings(page)).toEqual([
    'Answer',
    'Question',
    'Cautions',
    'Results',
    'Models',
    'How it was measured',
    'Data and splits',
    'What could not be read',
    'Method and settings',
    'How to repeat it',
    'Versions and runs',
  ]);
});

it('lets nothing in from elsewhere, and its style is no text', () => {
  const page = reportPage(reportContents());
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(page).not.toMatch(/<(script|link|img|iframe|object)\b|\bsrc=|url\(|@import|https?:\/\//);
  expect(page).toContain("'Segoe UI'");
});

it('leaves out what there is nothing to say of', () => {
  const page = reportPage(reportContents({ result: resultOfCells({ summary: [], results: [] }) }));
  expect(headings(page)).not.toContain('Results');
  expect(headings(page)).not.toContain('Models');
  expect(headings(page)).not.toContain('How it was measured');
});
