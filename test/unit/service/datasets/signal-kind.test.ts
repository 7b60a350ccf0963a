import { expect, it } from 'vitest';
import { getDataset, listDatasets, listRunsOf, setSignalKind } from '../../../../src/project/index.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { formOf } from '../../../../src/service/datasets/selection.ts';
import { requireReusable, startStudy } from '../../../../src/service/studies/start.ts';
import { adviceFor } from '../../../../src/service/tournament/advice.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';
import { pretextOf } from '../../../fixtures/run-configs.ts';

const axes = ['acc_x', 'acc_y', 'acc_z'];

function withSignals() {
  const project = temporaryProject();
  const samples = Array.from({ length: 300 }, (_, i) => sample(i, { split: i % 5 === 4 ? 2 : 0 }));
  const add = (name: string, channelNames: string[], channelUnits?: (string | null)[]) =>
    addDataset(project, name, samples, {
      modality: 'signal',
      shape: [128, channelNames.length],
      dtype: 'float32',
      samplingRate: 50,
      channelNames,
      ...(channelUnits && { channelUnits }),
      channelStatistics: { mean: channelNames.map(() => 0), standardDeviation: channelNames.map(() => 1) },
    }).id;
  return { project, add };
}

const recipe = (pretrain: string[], views?: object) =>
  recipeSchema.parse({
    name: 'A',
    data: { pretrain },
    pretext: { task: 'simclr', ...(views && { options: { signalViews: views } }) },
  });

it('is found of datasets that are there, by names and units', () => {
  const { project, add } = withSignals();
  add('watch', axes);
  add('units', ['x', 'y', 'z'], ['g', 'g', 'g']);
  add('plain', ['x', 'y', 'z']);
  expect(listDatasets(project).map(({ signalKind }) => signalKind?.kind)).toEqual([
    'movement',
    'movement',
    'unknown',
  ]);
});

it('is what a person says, is taken back, and is no matter of images', () => {
  const { project, add } = withSignals();
  const id = add('watch', axes);
  expect(setSignalKind(project, id, 'eeg').signalKind).toMatchObject({
    kind: 'eeg',
    found: 'movement',
    isSaid: true,
  });
  expect(getDataset(project, id).importOptions.signals.kind).toBe('eeg');
  expect(setSignalKind(project, id, 'auto').signalKind).toMatchObject({ kind: 'movement', isSaid: false });
  expect(getDataset(project, id).importOptions.signals).not.toHaveProperty('kind');
  const images = addDataset(project, 'images', [sample(0)]).id;
  expect(() => setSignalKind(project, images, 'eeg')).toThrow(/holds no signals/);
});

it('counts for what a study is told of its samples: of several datasets each kind once', () => {
  const { project, add } = withSignals();
  add('one', axes);
  setSignalKind(project, add('two', axes), 'eeg');
  add('three', axes);
  expect(formOf(project, recipe(['one', 'two', 'three']).data).about.signalKinds).toEqual([
    'eeg',
    'movement',
  ]);
  expect(formOf(project, recipe(['one']).data).about.signalKinds).toEqual(['movement']);
});

it('asks for no other import, unless a recipe says another kind', () => {
  const { project, add } = withSignals();
  const id = add('watch', axes);
  const { importOptions } = getDataset(project, id);
  const asking = (kind?: 'auto' | 'eeg' | 'movement') => () =>
    requireReusable(project, {
      ...recipe(['watch']),
      data: {
        ...recipe(['watch']).data,
        import: { watch: { ...importOptions, signals: { ...importOptions.signals, ...(kind && { kind }) } } },
      },
    });
  expect(asking()).not.toThrow();
  expect(asking('movement')).not.toThrow();
  expect(asking('eeg')).toThrow(/kind/);
  setSignalKind(project, id, 'eeg');
  expect(asking()).not.toThrow();
  expect(asking('auto')).not.toThrow();
  expect(asking('eeg')).not.toThrow();
  expect(asking('movement')).toThrow(/kind/);
});

it('decides about the views of runs that are planned from then on, and of no other', () => {
  const { project, add } = withSignals();
  const id = add('watch', axes);
  const planned = (name: string) => {
    const { study } = startStudy(project, { ...recipe(['watch']), name });
    return () => pretextOf(listRunsOf(project, study.id)[0]!)!.options['signalViews'];
  };
  const before = planned('Before');
  setSignalKind(project, id, 'eeg');
  const after = planned('After');
  expect(before()).toMatchObject({ cropProbability: 0.2 });
  expect(after()).toMatchObject({ cropProbability: 0 });
  const simclr = () =>
    adviceFor(project, recipe(['watch']).data).tasks.find(({ task }) => task === 'simclr')!;
  expect(simclr()).toMatchObject({
    options: { signalViews: { cropProbability: 0 } },
    views: expect.stringMatching(/^Views chosen for “EEG or sleep”/) as string,
  });
  setSignalKind(project, id, 'auto');
  expect(simclr().views).toMatch(/^Views for “Movement”/);
  expect(after()).toMatchObject({ cropProbability: 0 });
});
