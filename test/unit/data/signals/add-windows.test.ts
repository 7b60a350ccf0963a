import { expect, it } from 'vitest';
import { folderOf, importFrom } from '../../../fixtures/imports.ts';
import { noise, table } from '../delimited/heads.ts';

const text = (count: number, more: (at: number) => string[] = () => [], names = '') =>
  table(`time,x${names}`, count, (at) => [(at / 50).toFixed(3), noise(at), ...more(at)]);
const read = async (content: string, signals: object = {}, more: object = {}) =>
  importFrom(await folderOf({ 'a.csv': content }), {
    format: 'delimited-signals',
    split: { by: 'random', validation: 0, test: 0 },
    signals: { windowLength: 20, ...signals },
    ...more,
  });
const labels = (at: number) => [at < 50 ? 'walk' : 'run'];

it('gives each window the label of its rows, and none where there are two', async () => {
  const dataset = await read(text(100, labels, ',label'));
  expect(dataset.samples.sources).toEqual([
    'a.csv rows 1–20',
    'a.csv rows 21–40',
    'a.csv rows 41–60',
    'a.csv rows 61–80',
    'a.csv rows 81–100',
  ]);
  expect(dataset.samples.labels).toEqual(['walk', 'walk', null, 'run', 'run']);
  const majority = await read(
    text(100, (at) => [at < 45 ? 'walk' : 'run'], ',label'),
    { mixedWindows: 'majority' },
  );
  expect(majority.samples.labels![2]).toBe('run');
  const dropped = await read(text(100, labels, ',label'), { mixedWindows: 'drop' });
  expect(dropped.sampleCount).toBe(4);
});

it('names classes as they are told to be called', async () => {
  const dataset = await read(text(100, labels, ',label'), { classNames: { walk: 'slow' } });
  expect(dataset.samples.labels).toEqual(['slow', 'slow', null, 'run', 'run']);
});

it('takes the mean of numbers to predict', async () => {
  const dataset = await read(
    text(60, (at) => [String(at)], ',target'),
    {},
    { target: 'number' },
  );
  expect([...dataset.samples.numbers!]).toEqual([9.5, 29.5, 49.5]);
});

it('leaves rows between windows out where that is asked for, and crosses no change of subject', async () => {
  const apart = await read(text(120), { windowStride: 40 });
  expect(apart.samples.sources.map((one) => one.replace('a.csv rows ', ''))).toEqual([
    '1–20',
    '41–60',
    '81–100',
  ]);
  const rowsOf = async (last: (at: number) => string) =>
    (await read(text(100, (at) => [last(at)], ',subject'))).samples.sources.map((one) =>
      one.replace('a.csv rows ', ''),
    );
  expect(await rowsOf(() => 's1')).toContain('61–80');
  expect(await rowsOf((at) => (at < 70 ? 's1' : 's2'))).not.toContain('61–80');
});

it('says of a recording shorter than a window that it is', async () => {
  const folder = await folderOf({
    'a.csv': text(100),
    'short.csv': table('time,x', 15, (at) => [(at / 50).toFixed(3), noise(at + 99)]),
  });
  const dataset = await importFrom(folder, {
    format: 'delimited-signals',
    split: { by: 'random', validation: 0, test: 0 },
    signals: { windowLength: 20 },
  });
  expect(dataset.issues.filter(({ file }) => file === 'short.csv')).toContainEqual(
    expect.objectContaining({
      reason: 'too-short',
      severity: 'left-out',
      message: 'The recording has 15 rows; one window needs 20.',
    }),
  );
});

it('says of one without a window that can be used that the rows say why', async () => {
  const folder = await folderOf({
    'a.csv': text(100),
    'bad.csv': table('time,x', 40, (at) => [(at / 50).toFixed(3), at % 10 === 5 ? 'broken' : noise(at + 99)]),
  });
  const dataset = await importFrom(folder, {
    format: 'delimited-signals',
    split: { by: 'random', validation: 0, test: 0 },
    signals: { windowLength: 20 },
  });
  expect(dataset.issues.filter(({ file }) => file === 'bad.csv').map(({ message }) => message)).toContain(
    'No window of the recording can be used; the rows above say why.',
  );
});
