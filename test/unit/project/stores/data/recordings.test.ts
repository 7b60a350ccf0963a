import { expect, it } from 'vitest';
import type { RecordedMark } from '../../../../../src/contract/data/recordings/recordings.ts';
import {
  findRecordedWindows,
  findRecording,
  insertRecordings,
  listRecordings,
  countRecordings,
  readMedianRows,
  readMarks,
  readWindows,
} from '../../../../../src/project/index.ts';
import { addDataset, sample, temporaryProject } from '../../../../fixtures/projects.ts';

const event = (start: number): RecordedMark => ({
  kind: 'event',
  name: `e${start}`,
  channel: null,
  start,
  end: start + 5,
});

function made() {
  const project = temporaryProject();
  const samples = Array.from({ length: 40 }, (_, index) =>
    sample(index, {
      byteOffset: index * 100,
      classId: index % 2,
      split: index % 3,
      recording: Math.floor(index / 20),
    }),
  );
  const { key } = addDataset(project, 'nights', samples);
  const place = { begun: null, subject: null, stretches: [{ start: 0, end: 500, seconds: 0 }] };
  insertRecordings(project, key, 0, [
    {
      ...place,
      path: 'a.edf',
      start: 0,
      rows: 500,
      marks: Array.from({ length: 100 }, (_, at) => event(at * 5)),
    },
    { ...place, path: 'b.edf', start: 2000, rows: 500, marks: [] },
  ]);
  return { project, key };
}

it('are listed as they lie in the shard', () => {
  const { project, key } = made();
  expect(listRecordings(project, key)).toMatchObject([
    { number: 0, path: 'a.edf', byteOffset: 0, rows: 500 },
    { number: 1, path: 'b.edf', byteOffset: 2000 },
  ]);
});

it('are found by their number', () => {
  const { project, key } = made();
  expect(findRecording(project, key, 1)).toEqual(listRecordings(project, key)[1]);
  expect(findRecording(project, key, 2)).toBeNull();
  expect(findRecording(project, key + 1, 0)).toBeNull();
});

it('have their marks by rows; of too many every so-manieth', () => {
  const { project, key } = made();
  const read = (from: number, to: number, limit: number) =>
    readMarks(project, key, { recording: 0, from, to, limit });
  expect(read(12, 20, 50).marks.map(({ start }) => start)).toEqual([10, 15]);
  expect(read(0, 500, 10)).toMatchObject({ count: 100, marks: { length: 10 } });
  expect(readMarks(project, key, { recording: 1, from: 0, to: 500, limit: 9 }).count).toBe(0);
});

it('have their windows by bytes, as they are labeled', () => {
  const { project, key } = made();
  const dataset = { key, sampleCount: 40, classNames: ['cat', 'dog'], labelVersion: 0 };
  const { windows, count } = readWindows(project, dataset, { begin: 250, end: 600, limit: 100 });
  expect(count).toBe(3);
  expect(windows).toEqual([
    { index: 3, byteOffset: 300, label: 'dog', split: 'train' },
    { index: 4, byteOffset: 400, label: 'cat', split: 'validation' },
    { index: 5, byteOffset: 500, label: 'dog', split: 'test' },
  ]);
  expect(readWindows(project, dataset, { begin: 0, end: 4000, limit: 10 }).windows).toHaveLength(10);
});

it('are found by their windows where an earlier version imported them', () => {
  const { project, key } = made();
  expect(findRecordedWindows(project, key)).toMatchObject([
    { first: 0, last: 1900 },
    { first: 2000, last: 3900 },
  ]);
});

it('have a length in the middle of all, of two the mean', () => {
  const { project, key } = made();
  expect(readMedianRows(project, key)).toBe(500);
  const other = { begun: null, subject: null, stretches: [], path: 'c.edf', start: 4000, marks: [] };
  insertRecordings(project, key, 2, [{ ...other, rows: 9000 }]);
  expect(readMedianRows(project, key)).toBe(500);
  insertRecordings(project, key, 3, [{ ...other, rows: 700 }]);
  expect(readMedianRows(project, key)).toBe(600);
  expect(readMedianRows(project, key + 1)).toBeNull();
  expect([countRecordings(project, key), countRecordings(project, key + 1)]).toEqual([4, 0]);
});
