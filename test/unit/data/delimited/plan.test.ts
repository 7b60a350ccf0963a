import { describe, expect, it } from 'vitest';
import { columnsOfFile, makePlan, numberFormat, rateOfFile } from '../../../../src/data/delimited/plan.ts';
import type { PlanContext } from '../../../../src/data/delimited/plan-types.ts';
import { dialectOf, headOf, noise, noLabels, optionsOf, table } from './heads.ts';

const recording = (header = 'time,emg,acc', hz = 100, rows = 60) =>
  table(header, rows, (at) => [(at / hz).toFixed(3), noise(at), noise(at + 5)]);
const planOf = (texts: Record<string, string>, options = {}, context: PlanContext = noLabels) =>
  makePlan(
    Object.entries(texts).map(([path, text]) => headOf(path, text)),
    optionsOf(options),
    context,
  );

describe('a plan', () => {
  it('says what is read: clock, channels and the rate of most files', () => {
    const plan = planOf({ a: recording(), b: recording(), c: recording() });
    expect(plan.channels.map(({ name }) => name)).toEqual(['emg', 'acc']);
    expect([plan.time?.name, plan.samplingRate, plan.rateFrom, plan.labelFrom]).toEqual([
      'time',
      100,
      'time',
      'none',
    ]);
    expect(plan.doubts).toEqual([]);
  });

  it('is made of the columns that most files have', () => {
    const plan = planOf({ odd: recording('time,acc,emg'), a: recording(), b: recording() });
    expect(plan.dialect.header).toEqual(['time', 'emg', 'acc']);
    expect(plan.doubts.map(({ code }) => code)).toEqual(['delimited.other-columns']);
  });

  it('takes a rate that is told, stated above the rows, or that times show, in this order', () => {
    const stated = `# Sample Rate = 250 Hz\n${table('emg,acc', 60, (at) => [noise(at), noise(at + 5)])}`;
    expect(planOf({ a: stated })).toMatchObject({ samplingRate: 250, rateFrom: 'stated' });
    expect(planOf({ a: stated }, { signals: { samplingRate: 500 } })).toMatchObject({
      samplingRate: 500,
      rateFrom: 'told',
    });
    const bare = table('emg,acc', 60, (at) => [noise(at), noise(at + 5)]);
    expect(planOf({ a: bare })).toMatchObject({ samplingRate: null, rateFrom: null });
    // The middle of several.
    expect(planOf({ a: recording(), b: recording('time,emg,acc', 50), c: recording() }).samplingRate).toBe(
      100,
    );
  });

  it('says where labels come from', () => {
    const labelled = table('emg,label', 80, (at) => [noise(at), at < 40 ? 'a' : 'b']);
    expect(planOf({ a: labelled })).toMatchObject({ labelFrom: 'column', label: { name: 'label' } });
    const folders = { filesHaveLabels: false, foldersHaveLabels: true };
    expect(planOf({ a: recording() }, {}, folders).labelFrom).toBe('file');
    expect(planOf({ a: recording() }, { signals: { labelFrom: 'none' } }, folders).labelFrom).toBe('none');
  });

  it('keeps groups', () => {
    const grouped = table('subject,emg,acc', 60, (at) => ['s1', noise(at), noise(at + 5)]);
    expect(planOf({ a: grouped }).groups.map(({ name }) => name)).toEqual(['subject']);
  });
});

describe('how numbers are written', () => {
  const german = headOf('a', '1,5;2\n3,25;4\n0,5;1.000\n');
  it('is found over all files, or told', () => {
    expect(numberFormat([german], optionsOf())).toEqual({ decimal: ',', thousands: '.', doubt: null });
    expect(numberFormat([headOf('a', 'x;y\n1;2\n'), german], optionsOf()).decimal).toBe(',');
    expect(numberFormat([german], optionsOf({ text: { decimal: 'point' } }))).toEqual({
      decimal: '.',
      thousands: '',
      doubt: null,
    });
    expect(numberFormat([headOf('a', '1,234;5\n')], optionsOf({ text: { decimal: 'point' } }))).toEqual({
      decimal: '.',
      thousands: ',',
      doubt: null,
    });
    expect(
      numberFormat([headOf('a', '1.234;5\n')], optionsOf({ text: { decimal: 'comma' } })).thousands,
    ).toBe('.');
  });
});

describe('one file by the plan', () => {
  const plan = planOf({ a: recording('time,emg,acc') });
  it('has its columns by their place where they are the same, else by name', () => {
    expect(columnsOfFile(plan, dialectOf(recording()))).toEqual({
      channels: [1, 2],
      label: null,
      time: 0,
      groups: [],
      isReordered: false,
    });
    const turned = table('acc,spare,emg', 20, (at) => [noise(at), noise(at), noise(at)]);
    expect(columnsOfFile(plan, dialectOf(turned))).toEqual({
      channels: [2, 0],
      label: null,
      time: null,
      groups: [],
      isReordered: true,
    });
  });

  it('is left out where a channel is missing, or where nothing tells which columns are which', () => {
    expect(() =>
      columnsOfFile(plan, dialectOf(table('time,emg,eog', 20, (at) => [at / 2, noise(at), noise(at)]))),
    ).toThrow(
      'There is no column “acc”, which most recordings have. Its columns: time, emg, eog. Import it as a dataset of its own, or choose channels that all have.',
    );
    expect(() => columnsOfFile(plan, dialectOf(table('', 20, (at) => [noise(at), noise(at)])))).toThrow(
      'The file has 2 columns, most recordings have 3. Import it as a dataset of its own.',
    );
  });

  it('has a rate by what stands above its rows, else by its times', () => {
    const format = { decimal: '.', thousands: '' } as const;
    expect(rateOfFile(dialectOf(recording('t,a,b', 200)), 0, 1, format)!.hz).toBe(200);
    expect(rateOfFile(dialectOf(recording('t,a,b', 200)), 0, 1e-3, format)!.hz).toBe(200_000);
    expect(
      rateOfFile(dialectOf(`# Sampling rate: 50 Hz\n${recording('t,a,b', 200)}`), 0, 1, format)!.hz,
    ).toBe(50);
    expect(rateOfFile(dialectOf(recording()), null, 1, format)).toBeNull();
  });
});
