import { describe, expect, it } from 'vitest';
import { endsOpen, onOneLine, separatorOf, wholeRecords } from '../../../../src/data/delimited/quoted.ts';

const texts = (lines: string[]) => wholeRecords(lines).map(({ text }) => text);

describe('lines are one record', () => {
  it('where a quoted cell goes on, with their places', () => {
    expect(wholeRecords(['a,b', '"x', 'y ""z""', '",1', '2,3'])).toEqual([
      { text: 'a,b', at: 0, end: 1 },
      { text: '"x\ny ""z""\n",1', at: 1, end: 4 },
      { text: '2,3', at: 4, end: 5 },
    ]);
    expect(texts(['1;"two', 'lines";3', '4;5;6'])).toEqual(['1;"two\nlines";3', '4;5;6']);
  });

  it('but not for a quote that closes nowhere, or was an inch', () => {
    expect(texts(['"never', 'a,b', 'c,d'])).toEqual(['"never', 'a,b', 'c,d']);
    expect(texts(['5" pipe,1', '6" pipe,2'])).toEqual(['5" pipe,1', '6" pipe,2']);
    expect(texts(['"a" b,1', 'x,"y"'])).toEqual(['"a" b,1', 'x,"y"']);
  });
});

it('knows whether a line ends within quotes', () => {
  const comma = separatorOf(',');
  expect(endsOpen('a,"b', comma, false)).toBe('open');
  expect(endsOpen('b",c', comma, true)).toBe('closed');
  expect(endsOpen('b" c', comma, true)).toBe('broken');
  expect(endsOpen('a "b c" d', separatorOf('whitespace'), false)).toBe('closed');
  expect(endsOpen('a "b c', separatorOf('whitespace'), false)).toBe('open');
});

it('shows names on one line', () => {
  expect(onOneLine('blood \n pressure')).toBe('blood pressure');
});
