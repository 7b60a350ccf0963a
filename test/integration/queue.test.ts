import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectService, type ServiceClient, type ServiceRequest } from '../../src/service/client.ts';
import { fakeServiceHost } from '../fixtures/hosts.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { smallRecipe, until, untilStudy } from '../fixtures/studies.ts';

let images: string;
let folder: string;
let open: ServiceClient[];

const connect = async (request: Partial<ServiceRequest> = {}) => {
  const service = await connectService(fakeServiceHost(), { folder, ...request });
  open.push(service);
  return service;
};

beforeAll(async () => {
  images = await mkdtemp(join(tmpdir(), 'pretext-images-'));
  await writeSmallImages(images);
});
afterAll(() => rm(images, { recursive: true }));
beforeEach(async () => {
  open = [];
  folder = join(await mkdtemp(join(tmpdir(), 'pretext-queue-')), 'study.pretext');
});
afterEach(async () => {
  await Promise.all(open.map((service) => service.close()));
  await rm(join(folder, '..'), { recursive: true });
});

describe('a study', () => {
  it('imports its dataset, runs its runs in order and ends with its result', async () => {
    const { client } = await connect({ createName: 'Small study' });
    const study = await client.study.start({ recipe: smallRecipe(images) });
    expect(study.status).toBe('importing');
    await untilStudy(client, study.id, 'done');

    const runs = await client.run.list();
    expect(runs.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'simclr-1 done',
      'pretrained-1 done',
      'baseline-1 done',
      'pretrained-2 done',
      'baseline-2 done',
    ]);
    const result = await client.study.result({ studyId: study.id });
    expect(result.results).toHaveLength(12);
    // Seeds 1, 2, 3: 0.71, 0.72, 0.73 against 0.61, 0.65, 0.63.
    const [summary] = result.summary;
    expect(summary?.arms.pretrained?.mean).toBeCloseTo(0.72, 12);
    expect(summary?.arms.pretrained?.sd).toBeCloseTo(0.01, 12);
    expect(summary?.arms.baseline?.mean).toBeCloseTo(0.63, 12);
    expect(summary?.difference?.mean).toBeCloseTo(0.09, 12);
    // Differences 0.1, 0.07, 0.1: standard error 0.01, t(0.975, 2) = 4.302653.
    expect(summary?.difference?.low).toBeCloseTo(0.09 - 0.04302653, 7);
    expect(result.split.disjoint).toBe(true);
  });
});
