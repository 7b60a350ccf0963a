import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../src/contract/entities.ts';
import { checkRecipeText, recipeToYaml, toRecipeFailure } from '../../../../src/service/recipes/text.ts';

const messagesOf = (text: string, datasets: Partial<Dataset>[] | null = null) => {
  const known = datasets && {
    datasets: datasets as Dataset[],
    checkpointIds: ['c1', 'tuned'],
    encoders: new Map([['c1', { family: 'residual', options: { width: 8 } }]]),
  };
  const check = checkRecipeText(text, 'study.yaml', () => known);
  return check.valid ? [] : check.failures.map(({ message, place }) => `${message} (${place})`);
};
const cats = {
  name: 'cats',
  modality: 'image' as const,
  shape: [28, 28, 1],
  target: 'classes' as const,
  labeledCount: 1000,
  sampleCount: 1000,
  classes: [
    { name: 'a', train: 350, validation: 50, test: 100 },
    { name: 'b', train: 350, validation: 50, test: 100 },
  ],
  split: { rule: { by: 'folder' as const }, by: 'folder', train: 700, validation: 100, test: 200, groups: 0 },
};

describe('a recipe’s text', () => {
  it('may be YAML or JSON, and gets its defaults', () => {
    const json = JSON.stringify({ name: 'A', data: { pretrain: ['cats'] }, pretext: { epochs: 3 } });
    for (const text of ['name: A\ndata: { pretrain: [cats] }\npretext: { epochs: 3 }\n', json]) {
      const check = checkRecipeText(text, 'a', () => null);
      expect(check.valid && check.recipe.pretext).toMatchObject({
        epochs: 3,
        task: 'simclr',
        probeEveryEpochs: 5,
      });
      // What suits one dataset and not another is proposed once the data are known.
      expect(check.valid && check.recipe.pretext!.batchSize).toBeUndefined();
    }
  });

  it('computes as flags say, else as it says itself, else as the machine is set', () => {
    const text = (device: string) => `name: A\ndata: { pretrain: [cats] }\npretext: {}\n${device}`;
    const defaults = { threads: 3, precision: 'mixed' as const };
    const deviceOf = (device: string, wishes = {}) => {
      const check = checkRecipeText(text(device), 'a', () => null, { defaults, wishes });
      return check.valid ? check.recipe.device : check.failures[0]!.message;
    };
    expect(deviceOf('')).toEqual(defaults);
    expect(deviceOf('device:\n')).toEqual(defaults);
    expect(deviceOf('device: { precision: float32 }')).toEqual({ threads: 3, precision: 'float32' });
    expect(deviceOf('device: { threads: 1 }', { threads: 2 })).toEqual({ threads: 2, precision: 'mixed' });
    expect(deviceOf('device: { threads: none }')).toContain('device.threads');
    expect(deviceOf('device: all')).toContain('device');
    const alone = checkRecipeText(text(''), 'a', () => null);
    expect(alone.valid && alone.recipe.device).toEqual({ precision: 'float32' });
  });

  it('asks for recordings and groups where its task does', () => {
    const emg = { ...cats, name: 'emg', modality: 'signal' as const, shape: [64, 2] };
    const told = (task: string, recorded: string[], groups: number) => {
      const dataset = { ...emg, split: { ...emg.split, groups } } as Dataset;
      const known = {
        datasets: [dataset],
        recorded: new Set(recorded),
        checkpointIds: [],
        encoders: new Map(),
      };
      const text = `name: A\ndata: { pretrain: [emg] }\npretext: { task: ${task} }\n`;
      const check = checkRecipeText(text, 'a', () => known);
      return check.valid ? [] : check.failures.map(({ message, place }) => `${message} (${place})`);
    };
    expect(told('forecasting', [], 0)).toEqual([
      expect.stringMatching(/“emg” are not known to be windows of recordings.*\(a, line 2/),
    ]);
    expect(told('forecasting', ['emg'], 0)).toEqual([]);
    expect(told('subject-contrast', ['emg'], 0)).toEqual([
      expect.stringMatching(/“emg” has no groups\. Import it again with `group`/),
    ]);
    expect(told('subject-contrast', [], 4)).toEqual([]);
  });

  it('may compute steps in parts only where the loss is a mean over samples, and in equal parts', () => {
    const recipe = (task: string, accumulation: number) =>
      `name: A\ndata: { pretrain: [cats] }\npretext: { task: ${task}, batchSize: 64, accumulation: ${accumulation} }\n`;
    expect(messagesOf(recipe('rotation', 4))).toEqual([]);
    expect(messagesOf(recipe('simclr', 1))).toEqual([]);
    expect(messagesOf(recipe('simclr', 4))[0]).toContain('compares the samples of a whole batch. Found: 4');
    expect(messagesOf(recipe('rotation', 3))[0]).toContain('equal parts of at least 2 samples. Found: 3');
  });

  it('written out again is the same recipe', () => {
    const check = checkRecipeText(
      'name: A\ndata: { pretrain: [cats] }\npretext: {}\nfinetune: {}\n',
      'a',
      () => null,
    );
    if (!check.valid) throw new Error('it should be valid');
    const again = checkRecipeText(recipeToYaml(check.recipe), 'b', () => null);
    expect(again).toEqual(check);
  });

  it('with unknown fields is refused with the name that was meant and the line', () => {
    expect(
      messagesOf('name: A\ndata: { pretrain: [cats] }\npretext:\n  epochs: 3\n  bachSize: 64\nzebra: 1\n'),
    ).toEqual([
      '`bachSize` is not a field here. Did you mean `batchSize`? (study.yaml, line 5)',
      '`zebra` is not a field here. Fields here: format, name, description, data, encoder, pretext, tournament, fromCheckpoint, finetune, device. (study.yaml, line 6)',
    ]);
  });

  it('says of every wrong value what is allowed, what was found and where', () => {
    const text = `name: A
data:
  pretrain: []
  color: red
pretext:
  batchSize: 0
  learningRate: -1
finetune:
  seeds: many
  budgets: [{ perClass: 2 }, none, { share: 3 }]
`;
    expect(messagesOf(text)).toEqual([
      '`data.pretrain` must be a list of the names of one or more datasets. Found: [] (study.yaml, line 3)',
      '`data.color` must be one of auto, grey, color. Found: "red" (study.yaml, line 4)',
      '`pretext.batchSize` must be a whole number from 8 to 4096. Found: 0 (study.yaml, line 6)',
      '`pretext.learningRate` must be a number above 0 and at most 10. Found: -1 (study.yaml, line 7)',
      '`finetune.seeds` must be a whole number from 1 to 100. Found: "many" (study.yaml, line 9)',
      '`finetune.budgets[1]` must be { perClass: 10 }, { total: 100 }, { share: 0.1 }, { groups: 3 }, { groups: 3, perClass: 10 } or all. Found: "none" (study.yaml, line 10)',
      '`finetune.budgets[2].share` must be a number above 0 and at most 1. Found: 3 (study.yaml, line 10)',
    ]);
  });

  it('says what is missing', () => {
    expect(messagesOf('data: { pretrain: [cats] }\npretext: {}\n')).toEqual([
      '`name` is missing. It must be text of at most 80 characters. (study.yaml, line 1)',
    ]);
  });

  it('that is no YAML is refused with the line', () => {
    expect(messagesOf('name: A\ndata: [\n').join()).toMatch(/This is not YAML: .*line 3/);
  });

  it('says what the data lacks for its pretext task, and what to do', () => {
    const text = (pretext: string) => `name: A\ndata: { pretrain: [cats] }\npretext: ${pretext}\n`;
    expect(messagesOf(text('{ task: colorization }'), [cats])[0]).toMatch(
      /^Colorization needs data of 3 channels\. Found: 1\. Grey images have no colours to predict: .* \(study\.yaml, line 3\)$/,
    );
    const color = { ...cats, shape: [28, 28, 3] };
    expect(messagesOf(text('{ task: colorization }'), [color])).toEqual([]);
    expect(
      messagesOf(text('{ task: colorization }').replace('pretrain', 'color: color, pretrain'), [cats]),
    ).toEqual([]);
    expect(messagesOf(text('{ task: patch-position, options: { patch: 20 } }'), [cats])[0]).toMatch(
      /^Nine patches of 20 pixels .* need images of at least 66 pixels a side\. Found: 28 × 28\. Choose a smaller/,
    );
  });

  it('is checked against the options of its encoder and task', () => {
    const text = `name: A
data: { pretrain: [cats] }
encoder:
  options: { widht: 8 }
pretext:
  task: rotatoin
`;
    expect(messagesOf(text)).toEqual([
      '`widht` is not a field here. Did you mean `width`? (study.yaml, line 4)',
      expect.stringMatching(
        /^There is no pretext task “rotatoin” for this kind of data\. Known: simclr, .*\. Did you mean “rotation”\? \(study\.yaml, line 6\)$/,
      ),
    ]);
    const wide = 'name: A\ndata: { pretrain: [cats] }\nencoder:\n  options: { width: 1 }\npretext: {}\n';
    expect(messagesOf(wide)).toEqual([
      '`encoder.options.width` must be a whole number from 4 to 256. Found: 1 (study.yaml, line 4)',
    ]);
  });

  it('is checked against the project: datasets, their kind, labels, metric, checkpoint', () => {
    const text = (more: string) => `name: A\ndata: { pretrain: [cats] }\n${more}`;
    expect(messagesOf(text('pretext: {}\n'), [{ ...cats, name: 'catz' }])[0]).toMatch(
      /There is no dataset “cats”.* Did you mean “catz”\? \(study.yaml, line 2\)/,
    );
    expect(messagesOf(text('pretext: { task: rotation }\n'), [{ ...cats, modality: 'signal' }])[0]).toMatch(
      /no pretext task “rotation” for this kind of data/,
    );
    expect(messagesOf(text('pretext: {}\nfinetune: { metric: r2 }\n'), [cats])[0]).toMatch(
      /`finetune.metric` must be [a-z, -]*accuracy[a-z0-9, -]*.*Found: r2 \(study.yaml, line 4\)/,
    );
    expect(messagesOf(text('pretext: {}\nfinetune: {}\n'), [{ ...cats, labeledCount: 0 }])[0]).toContain(
      'has no labels',
    );
    expect(messagesOf(text('fromCheckpoint: c2\nfinetune: {}\n'), [cats])[0]).toContain(
      'There is no checkpoint “c2”',
    );
    expect(messagesOf(text('fromCheckpoint: c1\nfinetune: {}\n'), [cats])).toEqual([]);
    expect(
      messagesOf(
        text(
          'encoder: { family: plain }\npretext: {}\ntournament: { tasks: [simclr, masked-autoencoder] }\n',
        ),
        [{ ...cats, split: { validation: 5 } as Dataset['split'] }],
      ),
    ).toContainEqual(expect.stringContaining('“masked-autoencoder” cannot use the encoder “plain”'));
    const competing = (tournament: string) =>
      messagesOf(text(`tournament: ${tournament}\nfinetune: {}\n`), [
        { ...cats, split: { validation: 5 } as Dataset['split'] },
      ]);
    expect(competing('{ tasks: [simclr, rotation] }')).toEqual([]);
    expect(competing('{ tasks: [simclr], train: false }')[0]).toMatch(/`tournament.train` must be true/);
    const start = (id: string, width: number) =>
      text(`encoder: { options: { width: ${width} } }\npretext: { startFrom: ${id} }\n`);
    expect(messagesOf(start('c1', 8), [cats])).toEqual([]);
    expect(messagesOf(start('c1', 32), [cats])[0]).toBe(
      'The encoder of the checkpoint “c1” differs from the recipe’s: width 8 and 32. (study.yaml, line 4)',
    );
    expect(messagesOf(start('c2', 8), [cats])[0]).toContain('There is no checkpoint “c2”');
    expect(messagesOf(start('tuned', 8), [cats])[0]).toContain('was not written by pretraining');
    expect(
      messagesOf(text('encoder: { family: plain }\npretext: { task: masked-autoencoder }\n'), [cats]),
    ).toEqual([
      'The pretext task “masked-autoencoder” cannot use the encoder “plain”. It works with: vit. (study.yaml, line 3)',
    ]);
    expect(
      messagesOf(text('encoder: { family: vit, options: { width: 90 } }\npretext: {}\n'), [cats]),
    ).toEqual([
      '`encoder.options.width` must be a multiple of 4 times the heads (4). Found: 90 (study.yaml, line 3)',
    ]);
    expect(messagesOf(text('finetune: { arms: [frozen, baseline] }\n'), [cats])[0]).toMatch(
      /^frozen start from/,
    );
  });

  it('is refused where its pretext task learns from classes and a dataset has none', () => {
    const text = 'name: A\ndata: { pretrain: [cats, other] }\npretext: { task: supcon }\n';
    const found = (changes: Partial<Dataset>) =>
      messagesOf(text, [cats, { ...cats, name: 'other', ...changes }]);
    expect(found({})).toEqual([]);
    expect(found({ labeledCount: 0 })).toEqual([
      'The pretext task “supcon” learns from classes, and the dataset “other” has no labels. (study.yaml, line 2)',
    ]);
    expect(found({ target: 'number' })[0]).toContain('“other” has numbers as labels');
  });

  it('puts recordings together only where their windows last equally long', () => {
    const wrist = { ...cats, name: 'wrist', modality: 'signal' as const, shape: [128, 3], samplingRate: 200 };
    const text = 'name: A\ndata: { pretrain: [wrist, ankle], finetune: wrist }\npretext: { task: simclr }\n';
    const told = (ankle: object) => messagesOf(text, [wrist, { ...wrist, name: 'ankle', ...ankle }]).join();
    expect(told({})).toBe('');
    // Half the rate and half the samples: resampled, as they last equally long.
    expect(told({ shape: [64, 3], samplingRate: 100 })).toBe('');
    expect(told({ samplingRate: 100 })).toMatch(/“ankle” last 1.28 s .* 0.64 s .* window length of 64/);
    expect(told({ samplingRate: undefined })).toMatch(/how many samples a second “ankle” holds/);
  });
});

it('says nothing of the recipe where a message says itself what to do', () => {
  const problem = { path: ['data', 'finetune'], message: 'It has no labels: import it again.' };
  expect(toRecipeFailure({ ...problem, advises: true }, 'data.finetune').remedy).toBeUndefined();
  expect(toRecipeFailure(problem, 'data.finetune').remedy).toBe('Correct it in the recipe.');
});
