/** How another program's window redraws beside a trainer: with the processor left to others, and without. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type Page } from 'playwright-core';
import { ensureElectron } from '../../../build/setup/electron.mjs';
import { connectService } from '../../../src/client/service.ts';
import { PretextError } from '../../../src/contract/errors.ts';
import type { Priority } from '../../../src/contract/machine/settings.ts';
import { recipeSchema } from '../../../src/contract/recipe/recipe.ts';
import { createNodeHost } from '../../../src/host/node.ts';
import { writeSmallImages } from '../../fixtures/small-images.ts';
import { smallRecipe } from '../../fixtures/studies.ts';
import type { BenchRow } from '../document.ts';
import { quantile } from '../statistics.ts';
import type { BenchContext } from './context.ts';

const program = fileURLToPath(new URL('../cases/other-program', import.meta.url));
const MEASURED_MS = 10_000;
const TRAINING_MS = 120_000;

export async function redrawBench({ folder, say }: BenchContext): Promise<BenchRow[]> {
  if (!process.env['DISPLAY'])
    throw new PretextError({
      code: 'bench.redraws',
      message: 'There is no display on which a window could redraw.',
      remedy: 'Run: xvfb-run -a npm run bench -- redraws',
    });
  const { executable } = await ensureElectron({ node: process.execPath });
  const application = await _electron.launch({ executablePath: executable, args: [program] });
  try {
    const page = await application.firstWindow();
    say('redraws: nothing trains');
    const alone = await frameTimes(page);
    const rows = rowsOf('nothing trains', alone, null);
    for (const priority of ['low', 'normal'] as const) {
      say(`redraws: beside a trainer of ${priority} priority`);
      const beside = await whileTraining(join(folder, priority), priority, () => frameTimes(page));
      rows.push(...rowsOf(`beside a trainer of ${priority} priority`, beside, alone));
    }
    return rows;
  } finally {
    await application.close();
  }
}

/** Milliseconds between frames. */
const frameTimes = (page: Page): Promise<number[]> =>
  page.evaluate(
    (milliseconds) =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        const start = performance.now();
        let last = start;
        const { draw } = window as unknown as { draw(now: number): void };
        const next = (now: number) => {
          draw(now);
          times.push(now - last);
          last = now;
          if (now - start < milliseconds) requestAnimationFrame(next);
          else resolve(times.slice(10));
        };
        requestAnimationFrame(next);
      }),
    MEASURED_MS,
  );

function rowsOf(words: string, times: readonly number[], alone: readonly number[] | null): BenchRow[] {
  return [
    ['median', 0.5],
    ['95th percentile', 0.95],
  ].map(([name, share]) => {
    const ours = quantile(times, Number(share));
    const peer = alone && quantile(alone, Number(share));
    return {
      bench: 'redraws' as const,
      case: `time of a frame of another program, ${name}, ${words}`,
      unit: 'ms',
      ours,
      peer,
      peerName: peer === null ? null : 'nothing trains',
      ratio: peer === null ? null : peer / ours,
      spread: null,
    };
  });
}

/** All cores are at work, as they are unless somebody says otherwise. */
async function whileTraining<Value>(
  folder: string,
  priority: Priority,
  work: () => Promise<Value>,
): Promise<Value> {
  const settings = join(folder, 'settings');
  mkdirSync(settings, { recursive: true });
  writeFileSync(join(settings, 'machine.json'), JSON.stringify({ priority }));
  const images = join(folder, 'images');
  if (!existsSync(images)) await writeSmallImages(images, 400);
  const before = process.env['PRETEXT_CONFIG'];
  process.env['PRETEXT_CONFIG'] = settings;
  const service = await connectService(createNodeHost(), {
    folder: join(folder, 'study.pretext'),
    createName: 'Redraws',
  });
  try {
    const recipe = recipeSchema.parse({
      ...smallRecipe(images),
      device: {},
      pretext: { task: 'simclr', epochs: 5000, batchSize: 256 },
    });
    await service.client.study.start({ recipe });
    const until = performance.now() + TRAINING_MS;
    while (!(await service.client.run.list()).some(({ progress }) => progress?.loss != null)) {
      if (performance.now() > until) throw new Error('the trainer made no step');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return await work();
  } finally {
    await service.close();
    if (before === undefined) delete process.env['PRETEXT_CONFIG'];
    else process.env['PRETEXT_CONFIG'] = before;
  }
}
