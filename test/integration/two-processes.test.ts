/** Two programs in one project: neither destroys what the other is doing. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectService } from '../../src/client/service.ts';
import { createNodeHost } from '../../src/host/node.ts';
import { verifyShard } from '../../src/data/index.ts';
import { closeProject, findDataset, listClaims, openProject } from '../../src/project/index.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { until } from '../fixtures/studies.ts';
import { beginPretext } from '../fixtures/survival.ts';

let folder: string;
const inFolder = (name: string) => join(folder, name);

/** Looks without a pause: an import of small images does not last long. */
async function atOnce(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!isSo() && performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
  expect(isSo()).toBe(true);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-two-'));
  await writeSmallImages(inFolder('images'), 400);
});
afterAll(() => rm(folder, { recursive: true }));

describe('an import of one process', () => {
  it('is whole although another process opens the project and tidies up meanwhile', async () => {
    const project = inFolder('a.pretext');
    expect((await beginPretext(folder, ['project', 'create', 'a.pretext']).ended).status).toBe(0);
    const importing = beginPretext(folder, [
      'data',
      'import',
      'images',
      '--name',
      'small',
      '--project',
      project,
    ]);
    const unfinished = () => readdirSync(join(project, 'shards')).filter((name) => name.endsWith('.tmp'));
    await atOnce(() => unfinished().length > 0);
    const service = Number(/\.(\d+)\.tmp$/.exec(unfinished()[0]!)?.[1]);
    process.kill(service, 'SIGSTOP');
    const other = await connectService(createNodeHost(), { folder: project });
    try {
      await until(
        'the other one runs the queue',
        async () => !(await other.client.project.get()).readOnlyQueue,
      );
      expect(unfinished()).toHaveLength(1);
      const options = { path: inFolder('images') } as never;
      await expect(other.client.dataset.import({ name: 'small', options })).rejects.toMatchObject({
        data: { code: 'dataset.importing' },
      });
    } finally {
      process.kill(service, 'SIGCONT');
    }
    const { status, stderr } = await importing.ended;
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const [dataset] = await other.client.dataset.list();
    expect(dataset).toMatchObject({ name: 'small', sampleCount: 800 });
    await other.close();
    const opened = openProject(project);
    const { shard } = findDataset(opened, 'small')!;
    const file = join(project, 'shards', shard);
    // Behind the samples stand the checksums of their blocks.
    expect(readFileSync(file).length).toBeGreaterThan(dataset!.bytes);
    expect(await verifyShard(file, 'small')).toBeNull();
    expect(listClaims(opened)).toEqual([]);
    closeProject(opened);
  });

  it('that was killed leaves nothing once the project is opened again', async () => {
    const project = inFolder('b.pretext');
    expect((await beginPretext(folder, ['project', 'create', 'b.pretext']).ended).status).toBe(0);
    const importing = beginPretext(folder, [
      'data',
      'import',
      'images',
      '--name',
      'small',
      '--project',
      project,
    ]);
    const shards = () => readdirSync(join(project, 'shards'));
    await atOnce(() => shards().length > 0);
    process.kill(Number(/\.(\d+)\.tmp$/.exec(shards()[0]!)?.[1]), 'SIGKILL');
    expect((await importing.ended).status).toBe(1);
    const other = await connectService(createNodeHost(), { folder: project });
    await until('it was tidied up', () => shards().length === 0);
    await other.close();
  });
});
