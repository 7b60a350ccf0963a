import { expect, it } from 'vitest';
import { bytesInMemory } from '../../../../../src/data/recordings/bytes.ts';
import { looksLikeArff, openArff } from '../../../../../src/data/recordings/formats/arff.ts';

const open = (text: string) => openArff(bytesInMemory(Buffer.from(text)));

const flat = `% a remark before everything
@relation 'Heart beats'
@attribute att0 numeric
@attribute att1 numeric
@attribute att2 numeric
@attribute target {normal, 'not normal'}
@data
1, 2.5, -3e2, normal
% a remark between two cases

4,?,6,'not normal'
7,8,?,?
`;

it('reads a case a line, its class behind its values, remarks and empty lines left out', async () => {
  const [track] = (await open(flat)).tracks;
  expect(track!.channels).toEqual([{ name: 'channel 1', unit: null }]);
  expect(track!.rate).toBeNull();
  // What is missing at the end of a case is no value of it; in its middle it is one that is missing.
  expect(track!.stretches).toEqual([
    { start: 0, end: 3, seconds: 0, label: 'normal' },
    { start: 3, end: 6, seconds: 0, label: 'not normal' },
    { start: 6, end: 8, seconds: 0, label: null },
  ]);
  expect([...(await track!.read(0, 8))]).toEqual([1, 2.5, -300, 4, NaN, 6, 7, 8]);
});

const several = (cases: string) => `@RELATION steps
@ATTRIBUTE bag relational
  @attribute a numeric
  @attribute b numeric
  @attribute c numeric
@END bag
@ATTRIBUTE class {up,down}
@DATA
${cases}`;

it('reads cases of several channels, which stand in quotes', async () => {
  const [track] = (await open(several('"1,2,?\\n3,4,?",up\n\'5,6,7\\n8,?,9\',down'))).tracks;
  expect(track!.channels).toHaveLength(2);
  expect(track!.stretches.map(({ end, label }) => [end, label])).toEqual([
    [2, 'up'],
    [5, 'down'],
  ]);
  expect([...(await track!.read(0, 5))]).toEqual([1, 3, 2, 4, 5, 8, 6, NaN, 7, 9]);
});

it('takes a last column of numbers called target for what is to be predicted', async () => {
  const [track] = (
    await open('@relation a\n@attribute x numeric\n@attribute target numeric\n@data\n5,0.25\n')
  ).tracks;
  expect(track!.stretches).toEqual([{ start: 0, end: 1, seconds: 0, label: '0.25' }]);
});

it.each([
  [flat.replace('1, 2.5, -3e2', '1, 2.5'), 'broken', 'A case has 2 values; the heading names 3.'],
  [flat.replace('2.5', 'two'), 'broken', 'A case holds “two”, not a number.'],
  [
    flat.replace('1, 2.5, -3e2, normal', '{0 1, 2 5}'),
    'unsupported',
    'Its cases are written as sparse, which is not read.',
  ],
  [flat.replace('@data', '@values'), 'wrong-magic', 'Before @data stands a line that is no heading.'],
  ['@relation a\n@attribute x numeric\n', 'wrong-magic', 'The file has no @data.'],
  ['@relation a\n@attribute x numeric\n@data\n', 'empty', 'The file holds no cases.'],
  [several('1,2,3,up'), 'broken', 'A case is not in quotes, as those of several channels have to be.'],
])('refuses what contradicts itself: %#', async (text, reason, message) => {
  await expect(open(text)).rejects.toMatchObject({ reason, message });
});

it('is known by its first heading, not by its name', () => {
  expect(looksLikeArff(Buffer.from(flat))).toBe(true);
  expect(looksLikeArff(Buffer.from('They are in a @relation, or were.'))).toBe(false);
});
