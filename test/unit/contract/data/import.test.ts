import { expect, it } from 'vitest';
import { heeds, importSchema, SHARED_OPTIONS } from '../../../../src/contract/data/import.ts';

it('names every option that formats may have a use for, groups by their fields', () => {
  expect(SHARED_OPTIONS).toEqual(
    expect.arrayContaining(['labels', 'group', 'images.size', 'text.decimal', 'signals.windowLength']),
  );
  for (const always of ['path', 'format', 'options', 'split', 'images', 'signals'])
    expect(SHARED_OPTIONS).not.toContain(always);
});

it('knows a group by its fields, and a field by its group', () => {
  const heeded = ['labels', 'images.size', 'signals'];
  expect(
    ['labels', 'images', 'images.size', 'signals.windowLength'].map((one) => heeds(heeded, one)),
  ).toEqual([true, true, true, true]);
  expect(['label', 'images.color', 'text', 'group'].map((one) => heeds(heeded, one))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

it('says in its own words what is wrong', () => {
  const told = (input: object) => importSchema.safeParse({ path: 'x', ...input }).error!.issues[0]!.message;
  expect(told({ images: { size: 4 } })).toBe('must be a whole number from 8 to 512. Found: 4.');
  expect(told({ folders: 'class/person' })).toMatch(
    /^must be roles joined by slashes, .*Found: "class\/person"\.$/,
  );
  expect(told({ signals: { samplingRate: 0 } })).toBe(
    'must be a number above 0 and at most 1000000. Found: 0.',
  );
});
