import { expect, it } from 'vitest';
import { rowsOfPanels } from '../../../../../renderer/lib/pictures/row-preview.ts';
import type { Panel } from '../../../../../src/contract/data/preview.ts';

const panel = (cells: Record<string, string | null>): Panel => ({
  title: '',
  role: 'view',
  content: { kind: 'row', cells: Object.entries(cells).map(([name, text]) => ({ name, text })) },
});

it('shows columns once, with what each panel holds of them and what differs from the first', () => {
  const rows = rowsOfPanels([
    panel({ age: '39', job: null }),
    panel({ age: '41', job: null }),
    panel({ job: 'nurse', age: null }),
  ]);
  expect(rows).toEqual([
    {
      name: 'age',
      cells: [
        { text: '39', isChanged: false },
        { text: '41', isChanged: true },
        { text: '–', isChanged: true },
      ],
    },
    {
      name: 'job',
      cells: [
        { text: '–', isChanged: false },
        { text: '–', isChanged: false },
        { text: 'nurse', isChanged: true },
      ],
    },
  ]);
  expect(rowsOfPanels([])).toEqual([]);
});
