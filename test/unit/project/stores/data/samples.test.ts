import { describe, expect, it, vi } from 'vitest';
import {
  countPartedGroups,
  readOffsets,
  readSampleArrays,
  readSamplePage,
} from '../../../../../src/project/index.ts';
import { addDataset, sample, temporaryProject } from '../../../../fixtures/projects.ts';

/** 100 samples: every second a cat, every tenth without a label, every fifth in the test split. */
function hundred() {
  const project = temporaryProject();
  const samples = Array.from({ length: 100 }, (_, index) =>
    sample(index, {
      classId: index % 10 === 9 ? -1 : index % 2,
      split: index % 5 === 0 ? 2 : 0,
      group: `g${index % 5}`,
    }),
  );
  return { project, ...addDataset(project, 'small', samples) };
}

describe('samples', () => {
  it('are read page by page, by split and by label', () => {
    const { project, key } = hundred();
    const page = (filter: object) =>
      readSamplePage(project, key, { offset: 2, limit: 3, ...filter }, ['cat', 'dog']);
    expect(page({}).total).toBe(100);
    expect(page({}).samples.map(({ index }) => index)).toEqual([2, 3, 4]);
    expect(page({ split: 'test' }).samples.map(({ index }) => index)).toEqual([10, 15, 20]);
    expect(page({ split: 'test', classId: 0 })).toMatchObject({
      total: 10,
      samples: [{ index: 20 }, { index: 30 }, { index: 40 }],
    });
    expect(page({ classId: -1 }).samples.map(({ label }) => label)).toEqual([null, null, null]);
    expect(page({ classId: -1 }).total).toBe(10);
    expect(page({ split: 'validation' })).toEqual({ total: 0, samples: [] });
  });

  it('become the arrays that training needs, in their order', async () => {
    const { project, key } = hundred();
    const { offsets, splits, classIds, numbers } = await readSampleArrays(project, key, 100);
    expect(Array.from(offsets.subarray(0, 3))).toEqual([0, 256, 512]);
    expect(Array.from(classIds.subarray(7, 11))).toEqual([1, 0, -1, 0]);
    expect(Array.from(splits.subarray(4, 7))).toEqual([0, 2, 0]);
    expect(Number.isNaN(numbers[0])).toBe(true);
    expect(readOffsets(project, key, [3, 1, 500])).toEqual([768, 256]);
  });

  it('of one group that stand in two splits are noticed', () => {
    const { project, key } = hundred();
    expect(countPartedGroups(project, key)).toBe(0);
    const torn = [
      sample(0, { group: 'a', split: 0 }),
      sample(1, { group: 'a', split: 2 }),
      sample(2, { group: 'b' }),
    ];
    expect(countPartedGroups(project, addDataset(project, 'torn', torn).key)).toBe(1);
    // Left out by hand or not, a copy was a training sample.
    const left = [sample(0, { group: 'a', split: 3 }), sample(1, { group: 'a', split: 0 })];
    expect(countPartedGroups(project, addDataset(project, 'left', left).key)).toBe(0);
  });

  it('of sound groups are never looked through again', () => {
    const { project, key } = hundred();
    expect(countPartedGroups(project, key)).toBe(0);
    const prepared = vi.spyOn(project.connection, 'prepare');
    for (const version of [undefined, 0, 7]) expect(countPartedGroups(project, key, version)).toBe(0);
    expect(prepared.mock.calls.filter(([sql]) => sql.includes('samples'))).toEqual([]);
  });
});
