import { describe, expect, it } from 'vitest';
import {
  findRoles,
  takeAsClock,
  uniqueNames,
  type RoleContext,
} from '../../../../src/data/delimited/roles.ts';
import { dialectOf, noise, table } from './heads.ts';

const context: RoleContext = {
  hasOtherLabels: false,
  foldersAlone: false,
  labelColumn: undefined,
  labelNumber: undefined,
  labelFrom: 'auto',
  isNumberTarget: false,
};

function rolesOf(text: string, more: Partial<RoleContext> = {}) {
  const dialect = dialectOf(text);
  return findRoles(dialect, [dialect], { decimal: '.', thousands: '' }, { ...context, ...more });
}
const said = (text: string, more: Partial<RoleContext> = {}) =>
  rolesOf(text, more).map(({ name, role, why, isDoubtful }) =>
    [name, role, why, ...(isDoubtful ? ['?'] : [])].join(': '),
  );

describe('the clock', () => {
  it.each([
    ['time', (at: number) => (at / 50).toFixed(2), 'time, taken as seconds', 50],
    ['Time (ms)', (at: number) => at * 20, 'time, its unit in the header', 50],
    ['timestamp', (at: number) => 1_700_000_000_000 + at * 10, 'seconds since 1970', 100],
    ['when', (at: number) => `2024-01-02 10:00:${String(at % 60).padStart(2, '0')}`, 'dates or times', 1],
    ['', (at: number) => (at / 50).toFixed(2), 'rises evenly: time in seconds', 50],
  ])('is “%s”', (name, time, why, hz) => {
    const [clock, x] = rolesOf(table(name === '' ? '' : `${name},x`, 40, (at) => [time(at), noise(at)]));
    expect(clock).toMatchObject({ role: 'time', why });
    expect(clock!.pace?.hz).toBe(hz);
    expect(x!.role).toBe('channel');
  });

  it('is the finest of several, whose unit is told', () => {
    const text = table('date,elapsed_ms,x', 40, (at) => [
      `10:00:${String(at).padStart(2, '0')}`,
      at * 1000,
      noise(at),
    ]);
    expect(said(text)).toEqual([
      'date: ignored: another clock',
      'elapsed_ms: time: time, its unit in the header',
      'x: channel: numbers',
    ]);
  });

  it('has no pace where whole numbers count rows, seconds or milliseconds alike', () => {
    expect(said(table('time,x', 40, (at) => [at, noise(at)]))[0]).toBe(
      'time: ignored: counts rows: rows, seconds or milliseconds?: ?',
    );
  });

  it('is found for a column that somebody chose', () => {
    const [, odd] = rolesOf(table('x,odd (ms)', 40, (at) => [noise(at), at * 5]));
    takeAsClock(odd!);
    expect([odd!.pace!.hz, odd!.secondsPerOne]).toEqual([200, 1e-3]);
  });
});

describe('what is no channel', () => {
  it.each([
    ['row number', 'sample', (at: number) => at, 'ignored: counts rows'],
    ['a word', 'note', (at: number) => (at % 2 ? 'moved' : 'ok'), 'ignored: text'],
    ['markers', 'trigger', (at: number) => (at % 20 === 0 ? 1 : 0), 'ignored: a trigger or marker'],
    ['a subject', 'subject_id', () => 's1', 'group: named as what recordings belong to'],
    ['nothing', 'spare', () => 'NaN', 'ignored: empty: ?'],
    [
      'mostly nothing',
      'spo2',
      (at: number) => (at % 2 === 0 ? 'NA' : noise(at)),
      'ignored: 50 % of its cells are missing: ?',
    ],
    ['something unused', 'Other', () => 0, 'ignored: always the same'],
  ])('is told: %s', (_what, name, value, expected) => {
    const text = table(`x,${name},y`, 64, (at) => [noise(at), value(at), noise(at + 1)]);
    expect(said(text)[1]).toBe(`${name}: ${expected}`);
  });

  it('is doubtful where a measured column counts by one, or never changes', () => {
    expect(said(table('x,depth', 40, (at) => [noise(at), at]))[1]).toBe(
      'depth: channel: rises by one in every row: ?',
    );
    expect(said(table('x,flat', 40, (at) => [noise(at), 5.5]))[1]).toBe(
      'flat: channel: always the same value: ?',
    );
  });
});

describe('the label', () => {
  const labelled = (name: string, value: (at: number) => string | number) =>
    table(`x,${name}`, 80, (at) => [noise(at), value(at)]);
  const halves = (at: number) => (at < 40 ? 'walk' : 'run');

  it('is a column of its name', () => {
    expect(said(labelled('activity', halves))[1]).toBe('activity: label: named as a label');
    expect(said(labelled('activity', halves), { hasOtherLabels: true })[1]).toBe(
      'activity: label: named as a label; files have labels too: ?',
    );
  });

  it('is likely to be the last column, or the one of words, whose values stay the same for long', () => {
    expect(said(labelled('kind', (at) => (at < 40 ? 1 : 2)))[1]).toBe(
      'kind: label: few values that stay the same for long: ?',
    );
    const words = table('x,what,z', 80, (at) => [noise(at), halves(at), noise(at)]);
    expect(said(words)[1]).toBe('what: label: few values that stay the same for long: ?');
    const two = table('x,mode,what', 80, (at) => [noise(at), at < 30 ? 1 : 2, halves(at)]);
    expect(said(two)[1]).toBe('mode: channel: few values that stay the same for long: labels?: ?');
  });

  it('is a marker that stays the same for long, where nothing else is', () => {
    expect(said(labelled('trigger', (at) => (at < 40 ? 1 : 2)))[1]).toBe(
      'trigger: label: a marker whose values stay the same for long: ?',
    );
  });

  it('is the one that was asked for, by name or number, whatever it holds', () => {
    expect(said(labelled('speed', noise), { labelColumn: ' Speed ' })[1]).toBe('speed: label: chosen');
    expect(said(labelled('speed', noise), { labelNumber: 1 })[0]).toBe('x: label: chosen');
    expect(said(labelled('speed', noise), { labelFrom: 'column' })[1]).toBe(
      'speed: label: the last column: ?',
    );
    expect(said(labelled('target', noise), { isNumberTarget: true })[1]).toBe(
      'target: label: named as a label',
    );
  });

  it('is none where none is asked for', () => {
    for (const labelFrom of ['none', 'file'] as const)
      expect(said(labelled('label', halves), { labelFrom })[1]).toBe(
        'label: ignored: labels, which are not asked for',
      );
  });

  it('is a question where folders name classes and a column looks like labels', () => {
    const [, kind] = rolesOf(
      labelled('kind', (at) => (at < 40 ? 1 : 2)),
      { hasOtherLabels: true, foldersAlone: true },
    );
    expect(kind).toMatchObject({
      role: 'ignored',
      why: 'it looks like labels, but files or folders give labels, too',
      isDoubtful: true,
      isQuestion: true,
    });
    const [, told] = rolesOf(
      labelled('kind', (at) => (at < 40 ? 1 : 2)),
      { hasOtherLabels: true },
    );
    expect(told).toMatchObject({ role: 'ignored', isQuestion: false });
  });
});

it('makes names that repeat different, and names what has none', () => {
  expect(uniqueNames(['acc', ' acc ', '', 'acc', 'acc (2)'], 5)).toEqual([
    'acc',
    'acc (2)',
    'channel 3',
    'acc (3)',
    'acc (2) (2)',
  ]);
  expect(uniqueNames(null, 2)).toEqual(['channel 1', 'channel 2']);
});

it('keeps units from a line of their own', () => {
  const text = `t,emg\ns,mV\n${table('', 40, (at) => [(at / 10).toFixed(1), noise(at)])}`;
  expect(rolesOf(text).map(({ unit, role }) => [unit, role])).toEqual([
    ['s', 'time'],
    ['mV', 'channel'],
  ]);
});
