/** `node test/torture/main.ts [--kills 150] [--seed 1] [--keep]`: for a person with an hour to spare. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomFrom, torture } from './kills.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'pretext-torture-'));
const outcome = await torture({
  folder,
  kills: Number(values.kills),
  random: randomFrom(Number(values.seed)),
  say: (line) => console.error(line),
});
console.log(JSON.stringify(outcome, null, 2));
if (values.keep || outcome.faults.length > 0) console.error(`Kept: ${folder}`);
else rmSync(folder, { recursive: true });
process.exitCode = outcome.faults.length > 0 ? 1 : 0;
