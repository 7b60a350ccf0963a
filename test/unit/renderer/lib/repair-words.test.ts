import { expect, it } from 'vitest';
import { repairWords } from '../../../../renderer/lib/repair-words.ts';

it('tells what was saved, what is to be done, and which notes stand empty now', () => {
  const report = {
    problems: ['x'],
    tables: [
      { table: 'datasets', saved: 2, lost: 0 },
      { table: 'runs', saved: 1000, lost: 3 },
    ],
    lostDatasets: [],
    adoptedModels: ['sides'],
    emptiedNotes: ['datasets.channel_units: 1'],
    kept: '/p/damaged.db',
  };
  expect(repairWords(report)).toBe(
    'The project was repaired: 1,002 entries were saved, at least 3 are lost. Models taken back from their folders: sides. Unreadable notes are empty now: datasets.channel_units: 1. The damaged file was kept as damaged.db.',
  );
  expect(repairWords({ ...report, emptiedNotes: [] })).not.toContain('notes');
});
