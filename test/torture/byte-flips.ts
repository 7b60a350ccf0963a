/**
 * `node test/torture/byte-flips.ts [count] [seed]`: flips one bit of project.db at a time and tells what became of it,
 * and what a repair saves of it where it was not opened. Exit status 1 when a flip ended in an internal error, or went
 * unnoticed though SQLite's own check finds it, or when a repair left a project that does not open.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeProject, openProject, repairProject } from '../../src/project/index.ts';
import { finishedProject, flipAndAsk, isBad, placesIn, type Flip } from '../fixtures/byte-flips.ts';

const [count = 300, seed = 1] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'pretext-flips-'));

try {
  const made = await finishedProject(folder);
  const { size } = statSync(join(made, 'project.db'));
  const flips: Flip[] = [];
  const copy = join(folder, 'copy.pretext');
  const repairs = { whole: 0, withLosses: 0, failed: [] as string[] };
  for (const [turn, place] of placesIn(made, count, seed).entries()) {
    const flip = await flipAndAsk(made, copy, place, turn % 8);
    flips.push(flip);
    if (flip.outcome === 'refused') repair(place);
  }
  function repair(place: number): void {
    try {
      const { tables } = repairProject(copy, '0.0.0');
      closeProject(openProject(copy));
      repairs[tables.some(({ lost }) => lost > 0) ? 'withLosses' : 'whole'] += 1;
    } catch (error) {
      repairs.failed.push(`${place}: ${String(error)}`);
    }
  }
  const bad = flips.filter(isBad);
  const countOf = (outcome: Flip['outcome']) => flips.filter((flip) => flip.outcome === outcome).length;
  console.log(
    `${count} flips in ${size} bytes: ${countOf('refused')} refused, ${countOf('told')} told, ${countOf('silent')} of no consequence that could be seen, ${bad.length} bad`,
  );
  const codes = Map.groupBy(
    flips.flatMap(({ failures }) => failures),
    ({ code }) => code,
  );
  for (const [code, found] of codes) console.log(`  ${code}: ${found.length}, such as: ${found[0]!.message}`);
  console.log(
    `repaired: ${repairs.whole} without a loss, ${repairs.withLosses} with some, ${repairs.failed.length} not`,
  );
  for (const line of repairs.failed) console.log(line);
  for (const flip of bad) console.log(JSON.stringify(flip));
  process.exitCode = bad.length > 0 || repairs.failed.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
