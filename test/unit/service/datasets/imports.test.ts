/** A dataset can be used before copies across its splits were looked for, and without it. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished, describe, expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/recipe/recipe.ts';
import type { ProjectEvent } from '../../../../src/contract/messages/project-events.ts';
import { createRandom } from '../../../../src/data/shards/random.ts';
import { findDataset, openProject } from '../../../../src/project/index.ts';
import { createImports } from '../../../../src/service/datasets/imports.ts';
import type { Workplace } from '../../../../src/service/workplace/workplace.ts';
import { mostAtOnce } from '../../../fixtures/breaths.ts';
import { folderOf } from '../../../fixtures/imports.ts';
import { temporaryFolder, temporaryProject, willClose } from '../../../fixtures/projects.ts';

/** Three pictures to train on, of which one is tested on, a little darker. */
async function pictures(): Promise<string> {
  const stored = (seed: number, gain: number) => {
    const random = createRandom(seed);
    const pixels = Uint8Array.from({ length: 8 * 8 }, () => Math.round(gain * random.below(256)));
    return sharp(pixels, { raw: { width: 8, height: 8, channels: 1 } })
      .resize(24, 24, { kernel: 'cubic' })
      .toColourspace('b-w')
      .png()
      .toBuffer();
  };
  return folderOf({
    'train/cat/0.png': await stored(1, 1),
    'train/cat/1.png': await stored(2, 1),
    'train/dog/2.png': await stored(3, 1),
    'validation/cat/3.png': await stored(4, 1),
    'test/cat/4.png': await stored(2, 0.8),
  });
}

function workplace(onEvent: (event: ProjectEvent) => void): Workplace {
  const project = temporaryProject();
  const nothing = () => undefined;
  return {
    project,
    events: { publish: onEvent },
    log: { info: nothing, warn: nothing, error: nothing },
  } as unknown as Workplace;
}

async function importPictures(onEvent: (event: ProjectEvent, cancel: () => void) => void = () => undefined) {
  const path = await pictures();
  const events: ProjectEvent[] = [];
  let cancel = (): void => undefined;
  const place = workplace((event) => {
    events.push(event);
    onEvent(event, () => cancel());
  });
  const imports = createImports(place);
  onTestFinished(() => imports.close());
  const { id, finished } = imports.start('pictures', importSchema.parse({ path, images: { color: 'grey' } }));
  cancel = () => imports.cancel(id);
  const dataset = await finished;
  return { project: place.project, imports, events, id, dataset };
}

describe('an import by folders', () => {
  it('tells of the dataset first, and of copies when they were looked for', async () => {
    const { events, id, dataset } = await importPictures();
    const told = events.filter(({ type }) => type === 'dataset' || type === 'import-ended');
    expect(told).toMatchObject([
      { type: 'dataset', dataset: { id, sampleCount: 5 } },
      { type: 'dataset', dataset: { id, copies: { heldOut: 1, test: 1, training: 1 } } },
      { type: 'import-ended', id, datasetId: id, failure: null },
    ]);
    expect(told[0]).not.toHaveProperty('dataset.copies.heldOut');
    expect(dataset.copies?.heldOut).toBe(1);
  });

  it('leaves the dataset in project.db itself: the loss of its log costs nothing', async () => {
    const { project, id } = await importPictures();
    const alone = temporaryFolder();
    copyFileSync(join(project.folder, 'project.db'), join(alone, 'project.db'));
    const copy = willClose(openProject(alone));
    expect(findDataset(copy, 'pictures')?.dataset.id).toBe(id);
    expect(copy.prepare('SELECT count(*) FROM samples').pluck().get()).toBe(5);
  });

  it('keeps the dataset where the search is cancelled', async () => {
    const { project, imports, events, id, dataset } = await importPictures((event, cancel) => {
      if (event.type === 'dataset') cancel();
    });
    expect(dataset.copies ?? null).toBeNull();
    expect(events.at(-1)).toEqual({ type: 'import-ended', id, datasetId: id, failure: null });
    expect(imports.list()).toEqual([]);
    expect(findDataset(project, 'pictures')?.dataset.sampleCount).toBe(5);
  });

  it('lets a study begin before the search has ended', async () => {
    const path = await pictures();
    const order: string[] = [];
    const imports = createImports(workplace(({ type }) => void order.push(type)));
    onTestFinished(() => imports.close());
    const options = importSchema.parse({ path, images: { color: 'grey' } });
    await imports.share('pictures', options, new AbortController().signal);
    order.push('study begins');
    while (imports.list().length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(order.indexOf('study begins')).toBeGreaterThan(order.indexOf('dataset'));
    expect(order.indexOf('study begins')).toBeLessThan(order.indexOf('import-ended'));
  });

  it('is nothing where it is cancelled before', async () => {
    const imported = importPictures((event, cancel) => {
      if (event.type === 'import') cancel();
    });
    await expect(imported).rejects.toMatchObject({ failure: { code: 'import.cancelled' } });
  });
});

describe('an import with a great many samples and issues', () => {
  it('writes them down a few thousand at a time', async () => {
    const [count, pixels] = [6_000, 64];
    // Each picture comes twice, and is left out the second time.
    const images = new Uint8Array(16 + 2 * count * pixels);
    const header = new DataView(images.buffer);
    [0x00000803, 2 * count, 8, 8].forEach((value, place) => header.setUint32(4 * place, value));
    const random = createRandom(1);
    for (let at = 16; at < 16 + count * pixels; at++)
      images[at] = images[at + count * pixels] = random.below(256);
    const path = await folderOf({ 'train-images-idx3-ubyte': images });
    const place = workplace(() => undefined);
    const imports = createImports(place);
    onTestFinished(() => imports.close());
    const split = { by: 'random', seed: 1, copies: 'apart' } as const;
    const options = importSchema.parse({ path, split });
    // Until it can be used: the search for copies comes after.
    const most = await mostAtOnce(place.project, () =>
      imports.share('many', options, new AbortController().signal),
    );
    const { dataset } = findDataset(place.project, 'many')!;
    expect(dataset).toMatchObject({ sampleCount: count, issueCounts: { leftOut: count } });
    expect(most).toBeLessThanOrEqual(5_100);
  });
});
