import { describe, expect, it } from 'vitest';
import { SampleTable } from '../../../../src/data/reading/sample-table.ts';
import { groupSamples } from '../../../../src/data/splits/groups.ts';
import { groupLevels } from '../../../../src/data/splits/levels.ts';

function tableOf(files: Record<string, string>[]): SampleTable {
  const table = new SampleTable();
  for (const [place, columns] of files.entries()) {
    const file = table.addFile({ path: `${place}.txt`, folderSplit: -1, columns });
    for (const row of [0, 1])
      table.add({
        offset: row,
        file,
        row,
        label: table.labelId(columns['gesture'] ?? null),
        number: NaN,
        block: 0,
      });
  }
  return table;
}

const FILES = ['1', '2', '3'].flatMap((participant) =>
  ['1', '2'].flatMap((session) => ['rest', 'fist'].map((gesture) => ({ participant, session, gesture }))),
);

describe('by what groups can be taken together', () => {
  it('are columns with one value in all of a group', () => {
    const table = tableOf(FILES);
    const levels = groupLevels(table, groupSamples(table, 'participant+session', true, false));
    expect(levels.map(({ name }) => name)).toEqual(['participant', 'session']);
    expect(levels[0]!.values.get('2+1')).toBe('2');
    expect(new Set(levels[1]!.values.values()).size).toBe(2);
  });

  it('are never the classes, nor a column that parts a group', () => {
    const table = tableOf(FILES);
    expect(
      groupLevels(table, groupSamples(table, 'participant', true, false)).map(({ name }) => name),
    ).toEqual(['participant']);
    expect(groupLevels(table, groupSamples(table, 'gesture', true, false))).toEqual([]);
  });

  it('are what the headers of recordings say of their subject', () => {
    const table = tableOf([{}, {}, {}]);
    const subjects = new Map([
      ['0.txt', 'S001'],
      ['1.txt', 'S001'],
      ['2.txt', 'S002'],
    ]);
    const [level] = groupLevels(table, groupSamples(table, undefined, true, false), subjects);
    expect(level).toEqual({ name: 'subject', values: subjects });
  });

  it('are none where samples stand for themselves', () => {
    const table = tableOf(FILES);
    expect(groupLevels(table, groupSamples(table, undefined, false, false))).toEqual([]);
  });
});
