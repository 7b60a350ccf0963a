import { expect, it } from 'vitest';
import { bytesInMemory } from '../../../../src/data/recordings/bytes.ts';
import { parseValues, recordingOfCases, type Case } from '../../../../src/data/recordings/cases.ts';

/** `1,2:3,4:a`: two channels and a class. */
function parse(line: string): Case {
  const parts = line.split(':');
  return { channels: parts.slice(0, -1).map((part) => parseValues(part, 'Case')), label: parts.at(-1)! };
}

async function* linesOf(text: string) {
  let position = 0;
  for (const line of text.split('\n')) {
    yield { position, bytes: line.length, parsed: parse(line) };
    position += line.length + 1;
  }
}

const open = (text: string, names: string[] | null = null) =>
  recordingOfCases('UCR', bytesInMemory(Buffer.from(text)), linesOf(text), parse, names);

it('makes one track of cases of unlike length, each a stretch with its class', async () => {
  const { tracks } = await open('1,2:3,4:a\n5,6,?:7,8,9:b', ['left', 'right']);
  const [track] = tracks;
  expect(track!.channels.map(({ name }) => name)).toEqual(['left', 'right']);
  expect(track!.stretches).toEqual([
    { start: 0, end: 2, seconds: 0, label: 'a' },
    { start: 2, end: 5, seconds: 0, label: 'b' },
  ]);
  expect([...(await track!.read(0, 5))]).toEqual([1, 3, 2, 4, 5, 7, 6, 8, NaN, 9]);
});

it('reads from the middle of one case into the next', async () => {
  const { tracks } = await open('1,2:3,4:a\n5,6:7,8:b\n9,10:11,12:c');
  expect([...(await tracks[0]!.read(1, 4))]).toEqual([2, 4, 5, 7, 6, 8]);
  expect([...(await tracks[0]!.read(5, 6))]).toEqual([10, 12]);
});

it('refuses cases that do not belong together, and says which', async () => {
  await expect(open('1,2:3,4:a\n5,6:b')).rejects.toThrow('Case 2 has 1 channels, those before it 2.');
  await expect(open('1,2:3,4,5:a')).rejects.toThrow('Case 1 has channels of different lengths.');
});

it('knows missing values, and names what is no number', () => {
  expect(parseValues('1.5, ?,NaN,-2e3', 'Case 7')).toEqual([1.5, NaN, NaN, -2000]);
  expect(() => parseValues('1,,2', 'Case 7')).toThrow('Case 7 holds “”, not a number.');
  expect(() => parseValues('1,two', 'Case 7')).toThrow('Case 7 holds “two”, not a number.');
});
