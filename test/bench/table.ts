/** The bench as a table for people. */
import type { BenchDocument, BenchRow } from './document.ts';

const number = (value: number | null): string => {
  if (value === null) return '';
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
};

const columns: { title: string; right: boolean; text(row: BenchRow): string }[] = [
  { title: 'bench', right: false, text: ({ bench }) => bench },
  { title: 'case', right: false, text: (row) => row.case },
  { title: 'unit', right: false, text: ({ unit }) => unit },
  { title: 'ours', right: true, text: ({ ours }) => number(ours) },
  { title: 'peer', right: true, text: ({ peer }) => number(peer) },
  { title: 'ratio', right: true, text: ({ ratio }) => (ratio === null ? '' : `${ratio.toFixed(2)} ×`) },
  { title: 'spread', right: true, text: ({ spread }) => (spread === null ? '' : spread.toFixed(2)) },
  { title: 'against', right: false, text: ({ peerName }) => peerName ?? '' },
];

/** Machine, versions and rows as text; ratios above 1 are in our favour. */
export function benchTable({ machine, versions, rows }: BenchDocument): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ text }) => text(row))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]!.length)));
  const lines = cells.map((line) =>
    line
      .map((cell, at) => (columns[at]!.right ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd(),
  );
  return [
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}; load before: ${machine.loadBefore}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    '',
    ...lines,
    '',
    'ratio above 1: ours is better; spread: distance between the quartiles of the rounds’ ratios',
  ].join('\n');
}
