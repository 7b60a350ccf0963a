/** Files of labels beside pictures. */
import { expect } from 'vitest';
import type { Imported } from '../../../fixtures/imports.ts';
import type { Case } from './case.ts';

const labels = 'labels.csv';
const names = (dataset: Imported) => dataset.classes.map(({ name }) => name);
const reasons = (dataset: Imported) => new Set(dataset.issues.map(({ reason }) => reason));

export const labelCases: readonly Case[] = [
  {
    folder: '26-labels-missing-words',
    should: 'takes nan, NA, NULL, None, ? and nothing for no label',
    options: { labels },
    async check(given) {
      const dataset = await given.import();
      expect(names(dataset)).toEqual(['cat', 'dog']);
      expect(dataset).toMatchObject({ sampleCount: 30, labeledCount: 20 });
      expect(dataset.labelOf('img/021.png')).toBeNull();
      expect(dataset.issues.filter(({ reason }) => reason === 'missing-label')).toHaveLength(10);
    },
  },
  {
    folder: '27-labels-absolute-backslash',
    should: 'finds files by paths of another machine',
    options: { labels },
    async check(given) {
      const dataset = await given.import();
      expect(dataset).toMatchObject({ sampleCount: 24, labeledCount: 24 });
      expect(dataset.labelOf('img/001.png')).toBe('dog');
    },
  },
  {
    folder: '30-labels-utf16',
    should: 'reads UTF-16',
    options: { labels },
    async check(given) {
      const dataset = await given.import();
      expect(names(dataset)).toEqual(['cat', 'dog']);
      expect(dataset.labeledCount).toBe(24);
    },
  },
  {
    folder: '32-labels-cp1252',
    should: 'reads Windows-1252',
    options: { labels },
    async check(given) {
      const dataset = await given.import();
      expect(names(dataset)).toEqual(['Brötchen', 'Käse']);
      expect(dataset.labeledCount).toBe(24);
    },
  },
  {
    folder: '33-labels-nfd-names',
    should: 'finds names in composed and decomposed letters',
    options: { labels },
    async check(given) {
      const dataset = await given.import();
      expect(dataset).toMatchObject({ sampleCount: 24, labeledCount: 24 });
    },
  },
  {
    folder: '34-labels-same-name-twice',
    should: 'gives no label by luck where a name is there twice',
    options: { labels },
    async check(given) {
      const dataset = await given.import();
      expect(dataset).toMatchObject({ sampleCount: 24, labeledCount: 0 });
      const told = dataset.issues.find(({ reason }) => reason === 'ambiguous-name');
      expect(told?.message).toContain('north/000.png');
      expect(told?.message).toContain('south/000.png');
    },
  },
  {
    folder: '38-labels-1-and-1.0',
    should: 'takes 1 and 1.0 for one class',
    options: { labels },
    async check(given) {
      expect(names(await given.import())).toEqual(['0', '1']);
    },
  },
  {
    folder: '39-targets-decimal-comma',
    should: 'reads numbers with decimal commas',
    options: { labels, target: 'number' },
    async check(given) {
      const dataset = await given.import();
      const of = (source: string) => dataset.samples.numbers?.[dataset.samples.sources.indexOf(source)];
      expect(dataset.labeledCount).toBe(22);
      expect([of('img/001.png'), of('img/005.png'), of('img/023.png')]).toEqual([10.5, 12.5, 21.5]);
      expect([of('img/003.png'), of('img/004.png')]).toEqual([NaN, NaN]);
      expect(reasons(dataset)).toEqual(new Set(['missing-label']));
    },
  },
  {
    folder: '42-labels-csv-lies-there',
    should: 'says that a label file lies there, and how it is used',
    async check(given) {
      const { notes } = await given.inspect();
      expect(notes.join(' ')).toMatch(
        /“labels.csv” could be the label file; the option “labels” takes labels from it/,
      );
      expect((await given.import()).sampleCount).toBe(24);
    },
  },
];
