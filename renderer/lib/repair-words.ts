/** What a repair saved and what it did not, in a few sentences. */
import type { RepairReport } from '../../src/contract/repair.ts';

export function repairWords({
  tables,
  lostDatasets,
  adoptedModels,
  emptiedNotes,
  kept,
}: RepairReport): string {
  const sum = (count: (table: RepairReport['tables'][number]) => number) =>
    tables.reduce((total, table) => total + count(table), 0);
  const saved = sum((table) => table.saved);
  const lost = sum((table) => table.lost);
  const name = kept.split(/[\\/]/).at(-1);
  return [
    `The project was repaired: ${saved.toLocaleString('en')} entries were saved${lost > 0 ? `, at least ${lost.toLocaleString('en')} are lost` : ', and none that could be seen is lost'}.`,
    ...(adoptedModels.length > 0
      ? [`Models taken back from their folders: ${adoptedModels.join(', ')}.`]
      : []),
    ...(lostDatasets.length > 0
      ? [`Import again, as some of their samples are gone: ${lostDatasets.join(', ')}.`]
      : []),
    ...(emptiedNotes.length > 0 ? [`Unreadable notes are empty now: ${emptiedNotes.join(', ')}.`] : []),
    `The damaged file was kept as ${name}.`,
  ].join(' ');
}
