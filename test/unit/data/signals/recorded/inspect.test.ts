import { expect, it } from 'vitest';
import { createIssueList } from '../../../../../src/data/reading/issues.ts';
import { listFiles } from '../../../../../src/data/reading/listing.ts';
import { FileProblem } from '../../../../../src/data/problem.ts';
import type { Recording } from '../../../../../src/data/recordings/recording.ts';
import { describeRecordings } from '../../../../../src/data/signals/recorded/inspect.ts';
import { planRecordings } from '../../../../../src/data/signals/recorded/plan.ts';
import { folderOf } from '../../../../fixtures/imports.ts';
import { optionsOf, ownOf, recordingOf } from './made.ts';

async function described(recording: Recording | FileProblem, options: object = {}, own: object = {}) {
  const folder = await folderOf({ 'a.rec': 'x' });
  const listing = await listFiles(folder);
  const open = () =>
    recording instanceof FileProblem ? Promise.reject(recording) : Promise.resolve(recording);
  const files = await planRecordings(
    listing,
    listing.files,
    open,
    optionsOf(options),
    ownOf(own),
    createIssueList(),
  );
  return describeRecordings(files, optionsOf(options), listing.path);
}

it('says what a recording is, and how it will be cut', async () => {
  const { notes, preparation, classes } = await described(
    recordingOf([{ length: 12_500 }], { subject: 'S1', start: '2009-08-12T16:15:00' }),
    { signals: { windowLength: 200 } },
  );
  expect(notes[0]).toBe('1 recording.');
  expect(notes[1]).toContain('“a.rec”: Made, 2 channels at 100 Hz, 2 min 5 s');
  expect(notes).toContain('Labels come from nowhere.');
  expect(notes.at(-1)).toBe('Windows of 200 rows (2 s), one every 200.');
  expect([preparation, classes]).toEqual([{ rate: 100, channels: 2 }, []]);
});

it('counts the classes of events, by the names that they are given', async () => {
  const events = ['T1', 'T2', 'T1'].map((name, at) => ({ name, seconds: at, duration: 0 }));
  const found = await described(recordingOf([{}], { events }));
  expect(found.classes).toEqual([
    { name: 'T1', files: 2 },
    { name: 'T2', files: 1 },
  ]);
  expect(found.notes.at(-1)).toBe('One window of 100 rows (1 s) for each event.');
  const named = await described(recordingOf([{}], { events }), { signals: { classNames: { T1: 'left' } } });
  expect(named.classes).toEqual([{ name: 'left', files: 2 }]);
});

it('counts the classes of trials', async () => {
  const stretches = ['a', 'b', 'a', null].map((label, at) => ({
    start: at * 100,
    end: (at + 1) * 100,
    seconds: at,
    label,
  }));
  const found = await described(recordingOf([{ stretches }]));
  expect(found.classes).toEqual([
    { name: 'a', files: 2 },
    { name: 'b', files: 1 },
  ]);
  expect(found.notes.at(-1)).toBe(
    'Each trial is one sample; shorter ones are filled with zeros at their end.',
  );
});

it('warns of recordings shorter than a window', async () => {
  const { doubts } = await described(recordingOf([{ length: 50 }]), { signals: { windowLength: 128 } });
  expect(doubts!.length).toBeGreaterThan(0);
  const { doubts: fine } = await described(recordingOf([{ length: 500 }]), {
    signals: { windowLength: 128 },
  });
  expect(fine).toEqual([]);
});

it('asks what the axes are, or which array holds the data, where a file can be read only then', async () => {
  const axes = await described(new FileProblem('axes-unclear', '“X” is 10 × 12.'));
  expect(axes.doubts).toEqual([
    {
      code: 'recordings.axes-unclear',
      message: '“X” is 10 × 12.',
      remedy: 'Say what the axes are (axes).',
      blocking: true,
    },
  ]);
  const variable = await described(new FileProblem('variable-unclear', 'Two could be.'));
  expect(variable.doubts![0]!.remedy).toBe('Name the array of the data (variable).');
  const broken = await described(new FileProblem('broken', 'It is cut off.'));
  expect([broken.doubts, broken.notes]).toEqual([[], ['1 recording.', '“a.rec”: It is cut off.']]);
});
