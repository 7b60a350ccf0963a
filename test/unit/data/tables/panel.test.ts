import { describe, expect, it } from 'vitest';
import { rowPanel } from '../../../../src/data/tables/panel.ts';
import { tableColumns } from '../../learning/tables.ts';

describe('what a person sees of a row', () => {
  it('is every cell by the name and in the words of its column', () => {
    expect(rowPanel([1.25, 2, NaN, 1, 0, 0], { columns: tableColumns })).toEqual({
      kind: 'row',
      cells: [
        { name: 'height', text: '1.25' },
        { name: 'work', text: 'c' },
        { name: 'weight', text: null },
        { name: 'smoker', text: 'yes' },
        { name: 'pressure', text: '0' },
        { name: 'stage', text: 'I' },
      ],
    });
    expect(rowPanel([0.5], {})).toEqual({ kind: 'row', cells: [{ name: 'column 1', text: '0.5' }] });
  });
});
