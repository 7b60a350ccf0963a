/** A row of a table as the panels of a preview show it: side by side, column by column. */
import type { Panel } from '../../../src/contract/data/preview.ts';

export interface PreviewRow {
  name: string;
  /** By panel; empty where a panel has no such column. */
  cells: { text: string; isChanged: boolean }[];
}

const UNKNOWN = '–';

/** A cell is changed where it holds another value than what goes in, or none of a value that goes in. */
export function rowsOfPanels(panels: readonly Panel[]): PreviewRow[] {
  const all = panels.map(({ content }) =>
    content.kind === 'row'
      ? new Map(content.cells.map(({ name, text }) => [name, text ?? UNKNOWN]))
      : new Map<string, string>(),
  );
  const first = all[0];
  return [...new Set(all.flatMap((cells) => [...cells.keys()]))].map((name) => ({
    name,
    cells: all.map((cells) => {
      const text = cells.get(name) ?? '';
      return { text, isChanged: text !== '' && text !== (first?.get(name) ?? UNKNOWN) };
    }),
  }));
}
