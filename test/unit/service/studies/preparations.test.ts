import { describe, expect, it } from 'vitest';
import { PretextError } from '../../../../src/contract/errors.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { cancelStudy } from '../../../../src/service/studies/transitions.ts';
import { getStudy, listRunsOf, setStudyStatus } from '../../../../src/project/index.ts';
import type { Imports } from '../../../../src/service/datasets/imports.ts';
import { createPreparations } from '../../../../src/service/studies/preparations.ts';
import { startStudy } from '../../../../src/service/studies/start.ts';
import { addDataset, sample, temporaryFolder, temporaryProject } from '../../../fixtures/projects.ts';
import { until, workplaceOf } from '../../../fixtures/workplaces.ts';

/** A study whose data are imported when the test says so. */
function importing() {
  const project = temporaryProject();
  const path = temporaryFolder();
  const recipe = recipeSchema.parse({
    name: 'A study',
    data: { pretrain: ['small'], import: { small: { path } } },
    pretext: { task: 'simclr' },
  });
  const { study } = startStudy(project, recipe);
  const shares: { name: string; signal: AbortSignal; end(thrown?: unknown): void }[] = [];
  const imports = {
    share: (name: string, _options: object, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        shares.push({ name, signal, end: (thrown) => (thrown ? reject(thrown as Error) : resolve()) });
      }),
  } as unknown as Imports;
  const workplace = workplaceOf(project);
  const short = { is: false, waited: 0 };
  const room = {
    isShort: () => short.is,
    waitFor: (failure: object) => {
      short.waited++;
      return { ...failure, code: 'disk.full', message: 'Waits for room.' };
    },
    stopWaiting: () => {},
    close: () => {},
  };
  let readies = 0;
  const preparations = createPreparations(workplace, { imports, room, onReady: () => readies++ });
  return {
    project,
    path,
    shares,
    short,
    preparations,
    published: workplace.published,
    study: () => getStudy(project, study.id).study,
    runs: () => listRunsOf(project, study.id),
    id: study.id,
    readies: () => readies,
    addData: (count = 130) =>
      addDataset(
        project,
        'small',
        Array.from({ length: count }, (_, at) => sample(at, { split: at % 4 === 3 ? 2 : 0 })),
        { shape: [28, 28, 1], source: path },
      ),
  };
}
const failure = (code: string) => new PretextError({ code, message: 'So it is.' });

describe('a study that waits for its data', () => {
  it('begins once they are there, with what they propose', async () => {
    const { preparations, shares, study, runs, addData, readies, published } = importing();
    expect(study().status).toBe('importing');
    preparations.begin();
    preparations.begin();
    expect(shares.map(({ name }) => name)).toEqual(['small']);
    addData();
    shares[0]!.end();
    await until(() => readies() === 1);
    expect(study().status).toBe('running');
    // 98 training samples: three batches of 32.
    expect(study().recipe.pretext!.batchSize).toBe(32);
    expect(runs()).toHaveLength(1);
    expect(published.at(-1)).toMatchObject({ type: 'study', study: { status: 'running', failure: null } });
    preparations.begin();
    expect(shares).toHaveLength(1);
  });

  it('fails by what its import failed by, and by data that cannot do', async () => {
    const first = importing();
    first.preparations.begin();
    first.shares[0]!.end(failure('path.missing'));
    await until(() => first.readies() === 1);
    expect(first.study()).toMatchObject({ status: 'failed', failure: { code: 'path.missing' } });

    const few = importing();
    few.preparations.begin();
    few.addData(4);
    few.shares[0]!.end();
    await until(() => few.readies() === 1);
    expect(few.study().status).toBe('failed');
    expect(few.study().failure!.message).toMatch(/training samples/);
  });

  it('waits on where the disk is full, or another process imports the same', async () => {
    const { preparations, shares, study, readies, short, published } = importing();
    preparations.begin();
    shares[0]!.end(failure('disk.full'));
    await until(() => readies() === 1);
    expect(study()).toMatchObject({ status: 'importing', failure: { message: 'Waits for room.' } });
    expect(published.at(-1)).toMatchObject({ type: 'study', study: { failure: { code: 'disk.full' } } });
    expect(short.waited).toBe(1);
    short.is = true;
    preparations.begin();
    expect(shares).toHaveLength(1);
    short.is = false;
    preparations.begin();
    shares[1]!.end(failure('dataset.importing'));
    await until(() => readies() === 2);
    expect(study().status).toBe('importing');
  });

  it('that is stopped or cancelled meanwhile is left as it is', async () => {
    const { preparations, project, shares, id, study, readies } = importing();
    preparations.begin();
    cancelStudy(project, id);
    preparations.stop(id);
    expect(shares[0]!.signal.aborted).toBe(true);
    await until(() => readies() === 1);
    expect(study().status).toBe('cancelled');
  });

  it('stays importing for whoever opens the project next, where the program ends', async () => {
    const { preparations, shares, study, readies } = importing();
    preparations.begin();
    preparations.close();
    await until(() => shares[0]!.signal.aborted);
    await new Promise((resolve) => setImmediate(resolve));
    expect([study().status, study().failure, readies()]).toEqual(['importing', null, 0]);
  });
});

it('reads nothing before a person’s word where a project comes from elsewhere', () => {
  const { preparations, shares, study, path, project, id } = importing();
  preparations.hold();
  expect(study()).toMatchObject({
    status: 'importing',
    failure: { place: path, message: expect.stringContaining(`the program reads “${path}”.`) },
  });
  preparations.begin();
  expect(shares).toEqual([]);
  setStudyStatus(project, id, 'importing', null);
  preparations.begin();
  expect(shares).toHaveLength(1);
  preparations.close();
});
