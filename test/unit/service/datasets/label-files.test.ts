import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeLabels, getDataset, readSampleArrays } from '../../../../src/project/index.ts';
import { exportLabels, importLabels } from '../../../../src/service/datasets/label-files.ts';
import { addDataset, sample, temporaryFolder, temporaryProject } from '../../../fixtures/projects.ts';

const failing = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;

/** Six samples, cats and dogs in turn: 4 without a label, 5 in the test split; 2 and 3 are of one file. */
function six(values = {}) {
  const project = temporaryProject();
  const samples = [0, 1, 2, 3, 4, 5].map((index) =>
    sample(index, {
      split: index === 5 ? 2 : 0,
      ...(index === 4 && { classId: -1 }),
      ...((index === 2 || index === 3) && { source: 'rec, "A".csv' }),
    }),
  );
  const { id, key } = addDataset(project, 'small', samples, values);
  const folder = temporaryFolder();
  const write = (text: string) => {
    const file = join(folder, 'labels.csv');
    writeFileSync(file, text);
    return file;
  };
  const take = (text: string, options = {}) =>
    importLabels(project, id, { file: write(text), tests: false, emptyRemoves: false, ...options });
  const ids = async () => [...(await readSampleArrays(project, key, 6)).classIds];
  return { project, id, folder, take, ids };
}

describe('lists of labels', () => {
  it('go out with what was imported, and come in again as they are', async () => {
    const { project, id, folder, ids } = six();
    await changeLabels(
      project,
      id,
      [
        { position: 0, label: 'fox' },
        { position: 1, leftOut: true },
      ],
      {
        madeBy: 'hand',
        tests: false,
      },
    );
    const file = join(folder, 'out.csv');
    expect(await exportLabels(project, id, file, false)).toBe(6);
    expect(readFileSync(file, 'utf8').split('\r\n')).toEqual([
      'sample,source,split,group,label,imported_label,left_out',
      '0,0.png,train,,fox,cat,0',
      '1,1.png,train,,dog,dog,1',
      '2,"rec, ""A"".csv",train,,cat,cat,0',
      '3,"rec, ""A"".csv",train,,dog,dog,0',
      '4,4.png,train,,,,0',
      '5,5.png,test,,dog,dog,0',
      '',
    ]);
    await expect(exportLabels(project, id, file, false)).rejects.toEqual(failing('file.exists'));
    const before = await ids();
    const wish = { file, tests: false, emptyRemoves: false };
    expect(await importLabels(project, id, wish)).toMatchObject({
      samples: 0,
      rows: 6,
      badCount: 0,
      version: 1,
    });
    expect(await ids()).toEqual(before);
  });

  it('name samples by their file, and may bring new classes', async () => {
    const { take, ids, project, id } = six();
    const report = await take('file;label\n0.png;dog\n4.png;fox\n');
    expect(report).toMatchObject({ samples: 2, tests: 0, version: 1, rows: 2, badCount: 0 });
    expect(await ids()).toEqual([1, 1, 0, 1, 2, 1]);
    expect(getDataset(project, id).dataset.classes.map(({ name }) => name)).toEqual(['cat', 'dog', 'fox']);
  });

  it('tell bad rows with their place, and use the others', async () => {
    const { take, ids } = six();
    const report = await take(
      [
        'sample,source,label,left_out',
        '0,0.png,dog,',
        '1,2.png,cat,',
        '77,,cat,',
        'two,,cat,',
        ',lost.png,cat,',
        ',"rec, ""A"".csv",dog,',
        '0,,cat,',
        ',,cat,',
        '2,,cat,perhaps',
        '3,,cat,no',
      ].join('\n'),
    );
    expect(
      report.bad.toSorted((a, b) => a.row - b.row).map(({ row, message }) => `${row}: ${message}`),
    ).toEqual([
      '3: Sample 1 is “1.png”, not “2.png”.',
      '4: There is no sample 77: they are numbered from 0 to 5.',
      '5: “two” is no number of a sample.',
      '6: No sample is from “lost.png”.',
      '7: “rec, "A".csv” holds 2 samples: say which by a column “sample” with their numbers.',
      '8: It names sample 0 again, as row 2 does: row 2 counts.',
      '9: It names no sample.',
      '10: “perhaps” does not say whether it is left out: write 1 or 0.',
    ]);
    expect(report).toMatchObject({ rows: 10, badCount: 8, samples: 2 });
    expect(await ids()).toEqual([1, 1, 0, 0, -1, 1]);
  });

  it('leave labels alone where a cell is empty, unless they are to be taken away', async () => {
    const { take, ids } = six();
    expect(await take('sample,label\n0,\n1,NA\n')).toMatchObject({ samples: 0, blank: 2 });
    expect(await take('sample,label\n0,\n1,NA\n', { emptyRemoves: true })).toMatchObject({ samples: 2 });
    expect(await ids()).toEqual([-1, -1, 0, 1, -1, 1]);
  });

  it('change no test sample unasked, and then nothing at all', async () => {
    const { take, ids } = six();
    await expect(take('sample,label\n0,dog\n5,cat\n')).rejects.toEqual(failing('labels.test'));
    expect(await ids()).toEqual([0, 1, 0, 1, -1, 1]);
    expect(await take('sample,label\n0,dog\n5,cat\n', { tests: true })).toMatchObject({
      samples: 2,
      tests: 1,
    });
  });

  it('of numbers take numbers written with a point', async () => {
    const { take } = six({ target: 'number', classes: [] });
    const report = await take('sample,label\n0,1.5\n1,"2,5"\n2,old\n');
    expect(report.samples).toBe(1);
    expect(report.bad.map(({ row }) => row)).toEqual([3, 4]);
  });

  it('that are none are refused', async () => {
    const { take, project, id, folder } = six();
    await expect(take('name,kind\n0,cat\n')).rejects.toEqual(failing('labels.no-column'));
    await expect(take('sample,kind\n0,cat\n')).rejects.toEqual(failing('labels.no-column'));
    await expect(take('')).rejects.toEqual(failing('labels.unreadable'));
    const wish = { file: join(folder, 'nowhere.csv'), tests: false, emptyRemoves: false };
    await expect(importLabels(project, id, wish)).rejects.toEqual(failing('labels.unreadable'));
  });
});
