import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compilePathPattern } from '../../../../src/data/reading/path-pattern.ts';
import { picture } from '../../../fixtures/broken-images.ts';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';

async function imagesWith(table: string, count = 6): Promise<{ folder: string; labels: string }> {
  const files: Record<string, string | Uint8Array> = { 'labels.csv': table };
  for (let index = 1; index <= count; index += 1)
    files[`images/${index}.png`] = await picture(index, 8).png().toBuffer();
  const folder = await folderOf(files);
  return { folder, labels: join(folder, 'labels.csv') };
}

describe('a file of labels', () => {
  it('gives labels by path, name or name without extension', async () => {
    const { folder, labels } = await imagesWith(
      '\uFEFFFile;Label;patient\nimages/1.png;x;p1\n2.png;y;p1\n3;x;p2\n4.png;y;p2\n5.png;x;p3\n6.png;y;p3\n',
    );
    const dataset = await importFrom(folder, { labels, group: 'patient' });
    expect([1, 2, 3, 4, 5, 6].map((index) => dataset.labelOf(`images/${index}.png`))).toEqual([
      'x',
      'y',
      'x',
      'y',
      'x',
      'y',
    ]);
    expect(dataset.issues).toEqual([]);
    expect(dataset.split).toMatchObject({ groups: 3, trainingGroups: 1, train: 2, validation: 2, test: 2 });
    expect(new Set(dataset.samples.groups)).toEqual(new Set(['p1', 'p2', 'p3']));
  });

  it('names rows of files that are not there, empty cells and files without a row', async () => {
    const { folder, labels } = await imagesWith(
      'file,label\n1.png,x\n2.png,\n7.png,y\n3.png,y\n3.png,x\n,x\n4.png,y\n5.png,x\n',
    );
    const dataset = await importFrom(folder, { labels });
    const told = dataset.issues.map(({ file, reason, row }) => [file, reason, row]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['labels.csv', 'missing-file', 4],
        ['labels.csv', 'label-conflict', 6],
        ['labels.csv', 'missing-file-name', 7],
        ['images/2.png', 'missing-label', 3],
        ['images/6.png', 'unlabeled-file', undefined],
      ]),
    );
    expect(told).toHaveLength(5);
    expect(dataset.sampleCount).toBe(6);
    expect(dataset.labeledCount).toBe(4);
    expect(dataset.labelOf('images/3.png')).toBe('y');
  });

  it('gives numbers to predict, and notes what is none', async () => {
    const { folder, labels } = await imagesWith(
      'file,age\n1.png,1.5\n2.png,two\n3.png,-3e2\n4.png,4\n5.png,5\n6.png,6\n',
    );
    const dataset = await importFrom(folder, { labels, labelColumn: 'age', target: 'number' });
    const numbers = dataset.samples.numbers!;
    const of = (index: number) => numbers[dataset.samples.sources.indexOf(`images/${index}.png`)];
    expect([of(1), of(3)]).toEqual([1.5, -300]);
    expect(of(2)).toBeNaN();
    expect(dataset).toMatchObject({ target: 'number', classes: [], labeledCount: 5 });
    expect(dataset.issues).toMatchObject([{ file: 'images/2.png', reason: 'label-not-a-number' }]);
  });

  it('is refused with its columns named when it lacks one', async () => {
    const { folder, labels } = await imagesWith('name,kind\n1.png,x\n');
    const failure = await failureOf(importFrom(folder, { labels }));
    expect(failure).toMatchObject({ code: 'labels.no-column', place: `${labels}, row 1` });
    expect(failure.message).toContain('name, kind');
    expect((await failureOf(importFrom(folder, { labels: `${labels}.gone` }))).code).toBe(
      'labels.unreadable',
    );
  });
});

describe('a file of labels as people have it', () => {
  it('is read although a quote is never closed', async () => {
    const { folder, labels } = await imagesWith(
      'file,label\n1.png,x\n2.png,"y\n3.png,"a, b"\n4.png,y\n5.png,"two\nlines"\n6.png,x\n',
    );
    const dataset = await importFrom(folder, { labels });
    expect([1, 2, 3, 4, 5, 6].map((index) => dataset.labelOf(`images/${index}.png`))).toEqual([
      'x',
      'y',
      'a, b',
      'y',
      'two\nlines',
      'x',
    ]);
    expect(dataset.issues).toMatchObject([{ file: 'labels.csv', reason: 'open-quote', row: 3 }]);
  });

  it('that is a workbook is named as one, with the remedy', async () => {
    const { folder } = await imagesWith('');
    const workbook = await folderOf({ 'labels.xlsx': Buffer.from('PK\u0003\u0004....[Content_Types].xml') });
    const failure = await failureOf(importFrom(folder, { labels: join(workbook, 'labels.xlsx') }));
    expect(failure).toMatchObject({ code: 'labels.unreadable' });
    expect(failure.message).toContain('Excel workbook');
    expect(failure.message).toContain('Save the sheet as CSV');
  });

  it('with two columns of one name is asked about', async () => {
    const { folder, labels } = await imagesWith('file,label,label\n1.png,x,7\n2.png,y,8\n');
    const failure = await failureOf(importFrom(folder, { labels }));
    expect(failure).toMatchObject({ code: 'labels.column-twice' });
    const second = await importFrom(folder, { labels, labelColumn: 'label (2)' });
    expect(second.labelOf('images/2.png')).toBe('8');
  });

  it('takes 0x10 for no number', async () => {
    const { folder, labels } = await imagesWith('file,label\n1.png,0x10\n2.png,16\n');
    const dataset = await importFrom(folder, { labels, target: 'number' });
    expect(dataset.labeledCount).toBe(1);
    expect(dataset.issues.some(({ reason }) => reason === 'label-not-a-number')).toBe(true);
  });

  it('gives no label where two rows resemble a file alike', async () => {
    const { folder, labels } = await imagesWith(
      'file,label\nold/1.png,x\nnew/1.png,y\n/home/kim/images/2.png,z\n',
    );
    const dataset = await importFrom(folder, { labels });
    expect(dataset.labelOf('images/1.png')).toBeNull();
    expect(dataset.labelOf('images/2.png')).toBe('z');
    expect(dataset.issues.find(({ reason }) => reason === 'label-conflict')?.message).toContain(
      'Rows 2 and 3',
    );
  });

  it('may begin in one encoding and show another late', async () => {
    const late = Buffer.concat([
      Buffer.from('file,label\n'),
      Buffer.from('none.png,x\n'.repeat(20_000)),
      Buffer.from('1.png,K\u00E4se\n', 'latin1'),
    ]);
    const { folder } = await imagesWith('');
    const file = join(await folderOf({ 'late.csv': late }), 'late.csv');
    const dataset = await importFrom(folder, { labels: file });
    expect(dataset.labelOf('images/1.png')).toBe('Käse');
    // Of 20,000 rows for files that are not there a hundred are listed, the others counted.
    const missing = dataset.issues.filter(({ reason }) => reason === 'missing-file');
    expect(missing).toHaveLength(101);
    expect(missing.at(-1)?.message).toContain('19900 more rows');
  });
});

describe('a path pattern', () => {
  it('takes columns from the end of a path, packed or not', () => {
    const { match, columns } = compilePathPattern('{participant}-{session}/{gesture}.txt');
    expect(columns).toEqual(['participant', 'session', 'gesture']);
    expect(match('right/12345-2/7.txt.gz')).toEqual({ participant: '12345', session: '2', gesture: '7' });
    expect(match('12345/7.txt')).toBeNull();
    expect(compilePathPattern('{a}/*_[x].png').match('q/abc_[x].png')).toEqual({ a: 'q' });
  });

  it('is refused with the reason', async () => {
    for (const pattern of ['none.txt', '{a}/{a}.txt', '{a/b.txt']) {
      const failure = await failureOf((async () => compilePathPattern(pattern))());
      expect(failure.code).toBe('import.path-pattern');
    }
  });

  it('gives labels and groups', async () => {
    const files: Record<string, Uint8Array> = {};
    for (let index = 0; index < 12; index += 1) {
      files[`s${index % 4}_${index % 2 ? 'on' : 'off'}_${index}.png`] = await picture(index + 1, 8)
        .png()
        .toBuffer();
    }
    files['odd.png'] = await picture(99, 8).png().toBuffer();
    const dataset = await importFrom(await folderOf(files), {
      pathPattern: '{site}_{label}_{n}.png',
      group: 'site+label',
    });
    expect(dataset.classes.map(({ name }) => name)).toEqual(['off', 'on']);
    expect(dataset.split.groups).toBe(4);
    expect(dataset.issues).toMatchObject([{ file: 'odd.png', reason: 'path-pattern', severity: 'left-out' }]);
    const failure = await failureOf(
      importFrom(await folderOf(files), { pathPattern: '{site}_{label}_{n}.png', group: 'ward' }),
    );
    expect(failure.message).toContain('site, label, n');
  });
});
