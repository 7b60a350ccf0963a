import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StudyStore } from '../../../../../renderer/state/work/studies.svelte.ts';
import type { ProjectEvent } from '../../../../../src/contract/messages/project-events.ts';
import type { Recipe } from '../../../../../src/contract/recipe/recipe.ts';
import { clientOf, recorder, stubRunes } from '../../runes.ts';

beforeEach(() => stubRunes());
afterEach(() => vi.unstubAllGlobals());

const study = (id: string, recipe: object = {}) => ({ id, name: id, createdAt: `2026-01-0${id}`, recipe });
const DEVICE = { use: 'cpu' } as unknown as Recipe['device'];

async function loaded() {
  const { calls, answering } = recorder();
  const store = new StudyStore(
    clientOf({
      study: {
        list: answering('list', [study('1', { finetune: {} }), study('2'), study('3', { tournament: {} })]),
        samples: answering('samples', [{ id: 'sample' }]),
        result: answering('result', { of: 'result' }),
        start: answering('start', ({ recipe }: { recipe: object }) => study('9', recipe)),
        startSample: answering('startSample', study('8')),
        rename: answering('rename', ({ studyId, name }: { studyId: string; name: string }) => ({
          ...study(studyId),
          name,
        })),
        cancel: answering('cancel', undefined),
        remove: answering('remove', { undoSeconds: 20 }),
        restore: answering('restore', ({ studyId }: { studyId: string }) => study(studyId)),
        yaml: answering('yaml', { text: 'name: a' }),
      },
    }),
    () => DEVICE,
  );
  await store.load();
  return { store, calls };
}
const ids = (studies: readonly { id: string }[]) => studies.map(({ id }) => id);

it('lists studies newest first, and those that ask something', async () => {
  const { store } = await loaded();
  expect(ids(store.all)).toEqual(['3', '2', '1']);
  expect(ids(store.comparisons)).toEqual(['3', '1']);
  expect(store.samples).toEqual([{ id: 'sample' }]);
  store.take({ type: 'study', study: study('4') } as unknown as ProjectEvent);
  store.take({ type: 'trouble' } as unknown as ProjectEvent);
  expect([ids(store.all), store.byId('4')?.id, store.titleOf('gone')]).toEqual([
    ['4', '3', '2', '1'],
    '4',
    '',
  ]);
});

it('keeps results that were asked for', async () => {
  const { store } = await loaded();
  expect(store.result('1')).toBeUndefined();
  await store.loadResult('1');
  expect(store.result('1')).toEqual({ of: 'result' });
});

it('starts a form’s recipe on the machine as it is set, and one that is there as it stands', async () => {
  const { store, calls } = await loaded();
  const recipe = { name: 'r', device: { use: 'old' } } as unknown as Recipe;
  await store.start(recipe);
  await store.startAsIs(recipe);
  await store.goOn(study('1', { name: 'again' }) as never);
  expect(calls.filter(([name]) => name === 'start').map(([, asked]) => asked)).toEqual([
    { recipe: { name: 'r', device: DEVICE } },
    { recipe: { name: 'r', device: { use: 'old' } } },
    { recipe: { name: 'again' } },
  ]);
  expect(store.byId('9')).toBeDefined();
  expect((await store.startSample('sample')).id).toBe('8');
});

it('renames, cancels, removes and brings back', async () => {
  const { store, calls } = await loaded();
  await store.rename('2', 'other');
  expect(store.byId('2')!.name).toBe('other');
  await store.cancel('2');
  expect(await store.remove('2')).toBe(20);
  expect(store.byId('2')).toBeUndefined();
  await store.restore('2');
  expect(store.byId('2')).toBeDefined();
  expect(await store.yaml('2')).toBe('name: a');
  expect(calls.slice(2).map(([name]) => name)).toEqual(['rename', 'cancel', 'remove', 'restore', 'yaml']);
});
