import { expect, test } from 'vitest';
import { studyTitles } from '../../../../../renderer/lib/words/studies.ts';

const study = (id: string, name: string, day: number) => ({
  id,
  name,
  createdAt: `2026-01-0${day}T00:00:00Z`,
});

test('studies of one name are numbered as they were made; others keep their names', () => {
  const titles = studyTitles([
    study('new', 'Cells', 3),
    study('other', 'Gestures', 2),
    study('old', 'Cells', 1),
  ]);
  expect(Object.fromEntries(titles)).toEqual({ old: 'Cells (1)', new: 'Cells (2)', other: 'Gestures' });
});
