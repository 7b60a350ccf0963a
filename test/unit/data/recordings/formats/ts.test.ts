import { expect, it } from 'vitest';
import { bytesInMemory } from '../../../../../src/data/recordings/bytes.ts';
import { looksLikeTs, openTs } from '../../../../../src/data/recordings/formats/ts.ts';

const open = (text: string) => openTs(bytesInMemory(Buffer.from(text)));
const heading = (more: string) => `#A remark\n@problemName Walks\n@timeStamps false\n${more}@data\n`;

it('reads channels parted by colons and the class behind them', async () => {
  const text = `${heading('@classLabel true left right\n')}1,2:3,4:left\r\n5,6,?:7,NaN,9: right \n0:0:?\n`;
  const [track] = (await open(text)).tracks;
  expect(track!.channels.map(({ name }) => name)).toEqual(['channel 1', 'channel 2']);
  expect(track!.stretches).toEqual([
    { start: 0, end: 2, seconds: 0, label: 'left' },
    { start: 2, end: 5, seconds: 0, label: 'right' },
    { start: 5, end: 6, seconds: 0, label: null },
  ]);
  expect([...(await track!.read(0, 6))]).toEqual([1, 3, 2, 4, 5, 7, 6, NaN, NaN, 9, 0, 0]);
});

it('takes all for values where there is no class, and numbers to predict for labels', async () => {
  const without = await open(`${heading('@classLabel false\n')}1,2:3,4\n`);
  expect(without.tracks[0]!.stretches).toEqual([{ start: 0, end: 2, seconds: 0, label: null }]);
  expect(without.tracks[0]!.channels).toHaveLength(2);
  const numbers = await open(`${heading('@targetLabel true\n')}1,2:-0.5\n`);
  expect(numbers.tracks[0]!.stretches).toEqual([{ start: 0, end: 2, seconds: 0, label: '-0.5' }]);
});

it.each([
  [
    heading('').replace('@timeStamps false', '@timeStamps true'),
    'unsupported',
    'Its values carry times (@timeStamps true), which are not read.',
  ],
  [
    '@problemName a\nsome words\n@data\n1,2\n',
    'wrong-magic',
    'Before @data stands a line that is no heading.',
  ],
  ['@problemName a\n', 'wrong-magic', 'The file has no @data.'],
  [heading(''), 'empty', 'The file holds no cases.'],
  [`${heading('@classLabel true a\n')}1,2:3,4,5:a\n`, 'broken', 'Case 1 has channels of different lengths.'],
  [`${heading('@classLabel true a\n')}1,x:a\n`, 'broken', 'Channel 1 of a case holds “x”, not a number.'],
])('refuses what contradicts itself: %#', async (text, reason, message) => {
  await expect(open(text)).rejects.toMatchObject({ reason, message });
});

it('is known by its headings: TypeScript ends in .ts, too', () => {
  expect(looksLikeTs(Buffer.from('# words\n@problemName Walks\n'))).toBe(true);
  expect(looksLikeTs(Buffer.from("import { a } from './a.ts';\n/** @problem */\n"))).toBe(false);
});
