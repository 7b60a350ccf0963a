import { describe, expect, it } from 'vitest';
import type { PretextError } from '../../../../src/contract/errors.ts';
import { applyChoices, chooseChannels } from '../../../../src/data/delimited/choices.ts';
import { findRoles } from '../../../../src/data/delimited/roles.ts';
import { dialectOf, noise, noLabels, optionsOf, table } from './heads.ts';

const text = table('time,emg,Acc X,kind', 80, (at) => [
  (at / 50).toFixed(2),
  noise(at),
  noise(at + 9),
  at < 40 ? 'a' : 'b',
]);

function columnsOf(source = text) {
  const dialect = dialectOf(source);
  return findRoles(
    dialect,
    [dialect],
    { decimal: '.', thousands: '' },
    {
      hasOtherLabels: false,
      foldersAlone: false,
      labelColumn: undefined,
      labelNumber: undefined,
      labelFrom: 'auto',
      isNumberTarget: false,
    },
  );
}
function chosen(options: Record<string, unknown>, context = noLabels) {
  const columns = columnsOf();
  applyChoices(columns, optionsOf(options), 'a.csv', context);
  return columns.map(({ role, why }) => `${role}: ${why}`);
}
function failureOf(act: () => unknown) {
  try {
    act();
  } catch (error) {
    return (error as PretextError).failure;
  }
  throw new Error('It did not fail.');
}

describe('roles', () => {
  it('are those chosen, by name in any case or by number', () => {
    expect(chosen({ signals: { columns: { EMG: 'ignored', '3': 'group' } } })).toEqual([
      'time: time, taken as seconds',
      'ignored: chosen',
      'group: chosen',
      'label: few values that stay the same for long',
    ]);
  });

  it('leave one clock and one label', () => {
    expect(chosen({ signals: { columns: { emg: 'time', 'acc x': 'label' } } })).toEqual([
      'ignored: another was chosen',
      'time: chosen',
      'label: chosen',
      'ignored: another was chosen',
    ]);
  });

  it('are nobody’s where a column is not there', () => {
    expect(failureOf(() => chosen({ signals: { columns: { ecg: 'channel' } } }))).toMatchObject({
      code: 'signals.columns',
      message: 'There is no column “ecg”. The columns are: time, emg, Acc X, kind.',
      place: 'a.csv',
      remedy: 'Name the column as it stands in the header, or give its number, counted from 1.',
    });
    expect(failureOf(() => chosen({ signals: { columns: { '5': 'channel' } } })).message).toContain(
      'no column “5”',
    );
  });

  it('need a label column that is there', () => {
    expect(failureOf(() => chosen({ signals: { labelColumnIndex: 9 } }))).toMatchObject({
      code: 'signals.no-label-column',
      message: 'The label column is number 9, but there are 4 columns.',
    });
    // Not where labels come from elsewhere.
    expect(chosen({ signals: { labelColumnIndex: 9, labelFrom: 'none' } })).toHaveLength(4);
    const nobody = () => {
      const columns = columnsOf(table('emg,acc', 40, (at) => [noise(at), noise(at + 1)]));
      applyChoices(columns, optionsOf({ labelColumn: 'class' }), 'a.csv', noLabels);
    };
    expect(failureOf(nobody).message).toBe('There is no column “class”. Columns are: emg, acc.');
    const bare = () => {
      const columns = columnsOf(table('', 40, (at) => [noise(at), noise(at + 1)]));
      applyChoices(columns, optionsOf({ labelColumn: 'class' }), 'a.csv', noLabels);
    };
    expect(failureOf(bare).message).toBe('There is no column “class”. The file has no header.');
  });
});

describe('channels', () => {
  const channelsOf = (channels?: string[]) => {
    const columns = columnsOf();
    const found = chooseChannels(columns, optionsOf({ signals: { channels } }), 'a.csv');
    return [
      found.map(({ column, name }) => `${column.index} ${name}`),
      columns.map(({ role }) => role),
    ] as const;
  };

  it('are those found, in their order', () => {
    expect(channelsOf()[0]).toEqual(['1 emg', '2 Acc X']);
  });

  it('are those named, in the order of the names, and no others', () => {
    const [names, roles] = channelsOf(['Acc X']);
    expect(names).toEqual(['2 Acc X']);
    expect(roles).toEqual(['time', 'ignored', 'channel', 'label']);
    expect(channelsOf(['Acc X', 'emg'])[0]).toEqual(['2 Acc X', '1 emg']);
    // One that was taken for something else becomes a channel.
    expect(channelsOf(['emg', 'time'])[1][0]).toBe('channel');
  });

  it('are given the names where these are none of the header, made different', () => {
    expect(channelsOf(['left', 'left'])[0]).toEqual(['1 left', '2 left (2)']);
    // As many as there are columns besides the label.
    expect(channelsOf(['a', 'b', 'c'])[0]).toEqual(['0 a', '1 b', '2 c']);
  });

  it('need as many names as there are columns', () => {
    expect(failureOf(() => channelsOf(['a', 'b', 'c', 'd']))).toMatchObject({
      code: 'signals.channels',
      message: '4 channel names are given, but the file has 2 columns for channels: emg, Acc X.',
      place: 'a.csv',
      remedy: 'Give one name for each channel, in the order of the columns, the label column left out.',
    });
    const columns = columnsOf(table('who,what', 40, (at) => [`s${at}`, `t${at}`]));
    expect(failureOf(() => chooseChannels(columns, optionsOf(), 'a.csv')).message).toBe(
      'There is no column left for a channel.',
    );
  });
});
