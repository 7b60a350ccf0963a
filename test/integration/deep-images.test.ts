/** Images whose classes differ in bits that 8 cannot hold: imported, pretrained on and told apart, by the command line. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';

const entry = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const SIDE = 16;
const RECIPE = `
name: Deep
data: { import: { deep: { path: images } }, pretrain: [deep] }
encoder: { family: residual, options: { width: 8, stages: 2, features: 16 } }
pretext: { task: simclr, epochs: 3, batchSize: 16, probeEveryEpochs: 0 }
finetune: { budgets: [all], arms: [linear-probe], seeds: 1 }
`;

/** 12 bits in 16: about 2,000 of 4,095, with stripes of ±10 in one class, which are less than one step of 8 bits. */
async function writeImages(folder: string): Promise<void> {
  let state = 5;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  for (const name of ['even', 'striped']) {
    await mkdir(join(folder, name), { recursive: true });
    for (let at = 0; at < 50; at += 1) {
      const phase = random() * 6;
      const values = Uint16Array.from({ length: SIDE * SIDE }, (_, pixel) => {
        const stripe = name === 'striped' ? 10 * Math.sin((pixel % SIDE) * 1.2 + phase) : 0;
        return 2000 + Math.round(12 * (random() - 0.5) + stripe);
      });
      await sharp(values, { raw: { width: SIDE, height: SIDE, channels: 1 } })
        .toColourspace('grey16')
        .png()
        .toFile(join(folder, name, `${at}.png`));
    }
  }
}

it('a study of 12-bit images tells classes apart that are one in 8 bits', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pretext-deep-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeImages(join(folder, 'images'));
  await writeFile(join(folder, 'r.yaml'), RECIPE);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [entry, 'study', 'run', 'r.yaml', '--project', 'deep', '--json'],
    { cwd: folder, env: { ...process.env, PRETEXT_CONFIG: join(folder, 'config') } },
  );
  const { results } = JSON.parse(stdout) as { results: { arm: string; test: number }[] };
  expect(results.map(({ arm }) => arm)).toEqual(['linear-probe']);
  expect(results[0]!.test).toBeGreaterThan(0.85);
}, 300_000);
