import { describe, expect, it } from 'vitest';
import { samplePageQuery } from '../../../../../src/project/index.ts';
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

describe('a page of samples', () => {
  const filters = [
    {},
    { split: 'test' as const },
    { split: 'train' as const },
    { classId: 1 },
    { split: 'train' as const, classId: 0 },
  ];
  const cases = filters.flatMap((filter) => [[filter, true] as const, [filter, false] as const]);
  it.each(cases)('is found and counted by indices alone: %j, copies left out: %s', (filter, copiesAreOut) => {
    const { project, key } = hundred();
    const { rows, count, values } = samplePageQuery(filter, { version: 1, copiesAreOut });
    const plan = (sql: string, given: object) =>
      (project.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(given) as { detail: string }[]).map(
        ({ detail }) => detail,
      );
    const given = { key, ...values };
    for (const detail of [...plan(rows, { ...given, limit: 100, offset: 0 }), ...plan(count, given)]) {
      expect(detail).not.toMatch(/^SCAN (s|samples|labels|l)\b/);
      expect(detail).not.toContain('TEMP B-TREE FOR ORDER BY');
    }
    const covering = plan(count, given).join();
    expect(covering).toMatch(Object.keys(filter).length > 0 ? /COVERING INDEX samples_by/ : /SEARCH s USING/);
  });
});
