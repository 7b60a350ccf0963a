import { describe, expect, it } from 'vitest';
import { createIssueList } from '../../../../../src/data/reading/issues.ts';
import { listFiles } from '../../../../../src/data/reading/listing.ts';
import { FileProblem } from '../../../../../src/data/problem.ts';
import type { Recording } from '../../../../../src/data/recordings/recording.ts';
import { isSameRate, planRecordings } from '../../../../../src/data/signals/recorded/plan.ts';
import { folderOf } from '../../../../fixtures/imports.ts';
import { optionsOf, ownOf, recordingOf } from './made.ts';

async function planned(
  recordings: Record<string, Recording | FileProblem>,
  options: object = {},
  own: object = {},
) {
  const folder = await folderOf(Object.fromEntries(Object.keys(recordings).map((path) => [path, 'x'])));
  const listing = await listFiles(folder);
  const open = (path: string) => {
    const found = recordings[path.slice(folder.length + 1).replaceAll('\\', '/')]!;
    return found instanceof FileProblem ? Promise.reject(found) : Promise.resolve(found);
  };
  return planRecordings(listing, listing.files, open, optionsOf(options), ownOf(own), createIssueList());
}
const planOf = async (...args: Parameters<typeof planned>) => (await planned(...args)).plan!;
const codes = ({ doubts }: { doubts: { code: string }[] }) =>
  doubts.map(({ code }) => code.replace('recordings.', ''));
const moment = (name: string, seconds = 1, duration = 0) => ({ name, seconds, duration });

describe('channels', () => {
  it('are those that all recordings have, however they are spelled', async () => {
    const plan = await planOf({
      a: recordingOf([{ names: ['C3', 'C4', 'O1'] }]),
      b: recordingOf([{ names: ['EEG C4-Ref', 'EEG C3-Ref'] }]),
    });
    expect(plan.channels.map(({ name }) => name)).toEqual(['C3', 'C4']);
    expect(plan.doubts.find(({ code }) => code === 'recordings.common-channels')).toMatchObject({
      message: 'Recordings differ in their channels: the 2 that all have are taken, of 3.',
      blocking: false,
    });
  });

  it('without any in common cannot be imported together', async () => {
    const plan = await planOf({ a: recordingOf([{ names: ['C3'] }]), b: recordingOf([{ names: ['O1'] }]) });
    expect(plan.doubts).toContainEqual(
      expect.objectContaining({
        code: 'recordings.no-common-channel',
        message: 'The recordings have no channel in common.',
        blocking: true,
      }),
    );
  });

  it('that carry codes are left out, unless they are named', async () => {
    const recording = () => recordingOf([{ names: ['C3', 'Status'] }]);
    const plan = await planOf({ a: recording() });
    expect([plan.channels.map(({ name }) => name), codes(plan)]).toEqual([['C3'], ['trigger-channel']]);
    expect(
      (await planOf({ a: recording() }, { signals: { channels: ['Status'] } })).channels.map(
        ({ name }) => name,
      ),
    ).toEqual(['Status']);
  });

  it('may be named, and given other names; one that is not there is told', async () => {
    const plan = await planOf({ a: recordingOf() }, { signals: { channels: ['left=C3', 'Oz'] } });
    expect(plan.channels.map(({ name }) => name)).toEqual(['left', 'Oz']);
    expect(plan.doubts[0]).toMatchObject({
      code: 'recordings.no-channel',
      message: '“a” has no channel “Oz”. It has C3, C4.',
      blocking: true,
    });
  });

  it('of another rate are left out, unless all are brought to one', async () => {
    const two = () => recordingOf([{ names: ['C3', 'C4'] }, { names: ['Temp'], rate: 1, length: 4 }]);
    const plan = await planOf({ a: two() });
    expect(plan.channels).toHaveLength(2);
    expect(plan.doubts[0]!.message).toBe('Temp was recorded at another rate (100 Hz, 1 Hz) and is left out.');
    expect((await planOf({ a: two() }, { signals: { resampleTo: 100 } })).channels).toHaveLength(3);
  });
});

describe('the rate', () => {
  it('is that of most recordings; the others are told', async () => {
    const plan = await planOf({
      a: recordingOf(),
      b: recordingOf([{ rate: 100.00001 }]),
      c: recordingOf([{ rate: 250 }]),
    });
    expect(plan.rate).toBe(100);
    expect(plan.doubts[0]).toMatchObject({
      code: 'recordings.rates-differ',
      message: 'Of 3 recordings looked at, 2 hold 100 Hz, 1 hold 250 Hz. Only those of 100 Hz are taken.',
      blocking: false,
    });
    expect([isSameRate(256, 1 / 0.00390625), isSameRate(250, 256)]).toEqual([true, false]);
  });

  it('may be told, or be that which all are brought to', async () => {
    expect((await planOf({ a: recordingOf() }, { signals: { samplingRate: 50 } })).rate).toBe(50);
    expect(
      (await planOf({ a: recordingOf(), b: recordingOf([{ rate: 250 }]) }, { signals: { resampleTo: 125 } }))
        .rate,
    ).toBe(125);
  });

  it('has to be told where none is known, or said not to be known', async () => {
    const none = () => ({ a: recordingOf([{ rate: null }]) });
    expect((await planOf(none())).doubts[0]).toMatchObject({
      code: 'recordings.rate-unknown',
      blocking: true,
    });
    expect((await planOf(none(), { signals: { withoutRate: true } })).doubts[0]).toMatchObject({
      blocking: false,
    });
    // Seconds around an event need it.
    const events = { a: recordingOf([{ rate: null }], { events: [moment('a'), moment('b')] }) };
    expect((await planOf(events, { signals: { withoutRate: true } })).doubts[0]).toMatchObject({
      blocking: true,
      message: expect.stringContaining('that is needed here') as string,
    });
  });
});

describe('labels and windows', () => {
  const events = [moment('left'), moment('right', 2)];
  it('come around events that are moments, inside of those that last', async () => {
    const around = await planOf({ a: recordingOf([{}], { events }) });
    // From 0.2 s before to 0.8 s after, at 100 Hz.
    expect(around).toMatchObject({ labelSource: 'events', cut: 'around', length: 100, stride: 100 });
    const inside = await planOf(
      { a: recordingOf([{}], { events: [moment('N1', 0, 2), moment('N2', 2, 2)] }) },
      { signals: { windowLength: 50 } },
    );
    expect(inside).toMatchObject({ labelSource: 'events', cut: 'inside', length: 50, stride: 50 });
  });

  it('are whole trials where there are any', async () => {
    const stretches = [0, 1].map((at) => ({
      start: at * 200,
      end: (at + 1) * 200,
      seconds: 2 * at,
      label: 'ab'[at]!,
    }));
    expect(await planOf({ a: recordingOf([{ stretches }]) })).toMatchObject({
      labelSource: 'trials',
      cut: 'whole',
      length: null,
    });
  });

  it('come from folders, and have to be told where events give some, too', async () => {
    const folders = (more: Partial<Recording> = {}) => ({
      'cat/a': recordingOf([{}], more),
      'dog/b': recordingOf([{}], more),
    });
    expect(await planOf(folders())).toMatchObject({ labelSource: 'files', cut: 'sliding' });
    expect((await planOf(folders({ events }))).doubts[0]).toMatchObject({
      code: 'recordings.labels-unclear',
      message: 'The files hold events (left, right), and their folders or names give labels, too.',
      blocking: true,
    });
    expect(codes(await planOf(folders({ events }), {}, { labelSource: 'files' }))).not.toContain(
      'labels-unclear',
    );
  });

  it('are none where nothing gives any', async () => {
    expect(await planOf({ a: recordingOf([{}], { events: [moment('only one name')] }) })).toMatchObject({
      labelSource: 'nothing',
      cut: 'sliding',
    });
    expect(await planOf({ a: recordingOf() }, {}, { marker: 'C4' })).toMatchObject({ labelSource: 'marker' });
  });

  it('tell of moments that nothing lies inside of, and of a window without a length', async () => {
    const mixed = [moment('N1', 0, 2), moment('N2', 1, 1), moment('blink')];
    expect(
      (await planOf({ a: recordingOf([{}], { events: mixed }) }, {}, { cut: 'inside' })).doubts[0]!.message,
    ).toBe('“blink” is a moment without a duration: no window lies inside.');
    expect(
      (await planOf({ a: recordingOf([{}], { events }) }, {}, { eventFrom: 1, eventTo: 0.5 })).doubts[0],
    ).toMatchObject({
      code: 'recordings.empty-window',
      message: 'A window from 1 s to 0.5 s around an event has no length.',
      blocking: true,
    });
  });
});

it('lists files that cannot be read, and looks at others until one can', async () => {
  const broken = new FileProblem('broken', 'It is cut off.');
  const found = await planned({ a: broken, b: recordingOf() });
  expect(found.unreadable).toEqual([{ path: 'a', reason: 'broken', message: 'It is cut off.' }]);
  expect(found.plan).not.toBeNull();
  expect((await planned({ a: broken })).plan).toBeNull();
});
