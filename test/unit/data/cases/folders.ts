/** Trees of folders. */
import { expect } from 'vitest';
import type { Imported } from '../../../fixtures/imports.ts';
import type { Case } from './case.ts';

const names = (dataset: Imported) => dataset.classes.map(({ name }) => name);

export const folderCases: readonly Case[] = [
  {
    folder: '01-stray-file-beside-wrapper',
    should: 'finds the classes below a wrapper, whatever lies beside it',
    async check(given) {
      const dataset = await given.import();
      expect(names(dataset)).toEqual(['cat', 'dog']);
      expect(dataset.labeledCount).toBe(dataset.sampleCount);
      const { folders, classes } = await given.inspect();
      expect(folders).toMatchObject({ folders: 'class', wrappers: ['photos'], question: null });
      expect(classes).toEqual([
        { name: 'cat', files: 12 },
        { name: 'dog', files: 12 },
      ]);
    },
  },
  {
    folder: '03-training_set-test_set',
    should: 'takes training_set and test_set for splits, though each holds a folder of its own name',
    async check(given) {
      const dataset = await given.import();
      expect(dataset.split).toMatchObject({ rule: { by: 'folder' }, test: 12 });
      expect(dataset.classes).toMatchObject([
        { name: 'cats', test: 6 },
        { name: 'dogs', test: 6 },
      ]);
      expect((await given.inspect()).splits).toEqual({ train: 24, validation: 0, test: 12 });
    },
  },
  {
    folder: '05-classes-valid-invalid',
    should: 'takes valid beside invalid for classes',
    async check(given) {
      expect(names(await given.import())).toEqual(['invalid', 'valid']);
      expect((await given.inspect()).splits).toBeNull();
    },
  },
  {
    folder: '07-case-collision',
    should: 'makes one class of Cat and cat, and says so',
    async check(given) {
      const dataset = await given.import();
      expect(names(dataset)).toEqual(['Cat', 'Dog']);
      expect(dataset.classes[0]!.test).toBe(6);
      expect(dataset.issues.find(({ reason }) => reason === 'folders')!.message).toContain('“Cat” and “cat”');
      expect((await given.inspect()).folders!.warnings).toHaveLength(2);
    },
  },
  {
    folder: '10-system-junk',
    should: 'looks into no folder of a system, and says so',
    async check(given) {
      const dataset = await given.import();
      expect(dataset.sampleCount).toBe(16);
      expect(names(dataset)).toEqual(['cat', 'dog']);
      expect(dataset.issues).toMatchObject([{ reason: 'system-files', severity: 'noted' }]);
      expect(dataset.issues[0]!.message).toContain('“@eaDir”');
      expect((await given.inspect()).notes.join(' ')).toContain('“__MACOSX”');
    },
  },
  {
    folder: '12-class-then-split',
    should: 'takes train and test below the classes for the split',
    async check(given) {
      const dataset = await given.import();
      expect(dataset.split.rule.by).toBe('folder');
      expect(dataset.classes).toMatchObject([
        { name: 'cat', test: 6 },
        { name: 'dog', test: 6 },
      ]);
      expect((await given.inspect()).folders!.folders).toBe('class/split');
    },
  },
  {
    folder: '86-subject-then-class',
    should: 'takes walk and sit for classes, and keeps each subject whole',
    options: { signals: { windowLength: 32 } },
    async check(given) {
      const dataset = await given.import();
      expect(names(dataset)).toEqual(['sit', 'walk']);
      expect(dataset.split).toMatchObject({ groups: 4 });
      expect(dataset.split.by).toContain('whole groups by folder');
      const found = await given.inspect();
      expect(found.folders).toMatchObject({ folders: 'group/class', question: null });
      expect(found.folders!.alternatives.map(({ folders }) => folders)).toContain('class/ignored');
    },
  },
];
