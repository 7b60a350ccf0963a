/**
 * `node test/torture/byte-flips.ts [count] [seed]`: flips one bit of project.db at a time and tells what became of it.
 * Exit status 1 when a flip ended in an internal error, or went unnoticed though SQLite's own check finds it.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finishedProject, flipAndAsk, isBad, placesIn, type Flip } from '../fixtures/byte-flips.ts';

const [count = 300, seed = 1] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'pretext-flips-'));

try {
  const made = await finishedProject(folder);
  const { size } = statSync(join(made, 'project.db'));
  const flips: Flip[] = [];
  for (const [turn, place] of placesIn(made, count, seed).entries())
    flips.push(await flipAndAsk(made, join(folder, 'copy.pretext'), place, turn % 8));
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
  for (const flip of bad) console.log(JSON.stringify(flip));
  process.exitCode = bad.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
