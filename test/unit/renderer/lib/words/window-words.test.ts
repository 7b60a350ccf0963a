import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { titlesIn } from '../../../../../src/contract/field-schema.ts';
import {
  failureInForm,
  failureInWindow,
  failureOfFile,
  inWindowWords,
} from '../../../../../renderer/lib/words/window-words.ts';

it('names fields of a recipe by their titles', () => {
  expect(inWindowWords('`pretext.seeds` trains several.')).toBe('“Seeds” trains several.');
  expect(inWindowWords('With `data.copiesOfHeldOut: leave-out` pretraining does without.')).toBe(
    'With “Copies of held out: leave-out” pretraining does without.',
  );
  // What is no field stays.
  expect(inWindowWords('Set `nothing.such`.')).toBe('Set `nothing.such`.');
});

it('leaves out what is typed', () => {
  expect(inWindowWords('The dataset’s page does so, or `pretext data copies`.')).toBe(
    'The dataset’s page does so.',
  );
  expect(inWindowWords('On its page under Details, or by `pretext data kind`.')).toBe(
    'On its page under Details.',
  );
  expect(inWindowWords('Settings (or `pretext gpu install`) gets it.')).toBe('Settings gets it.');
  // A recipe that is read as a file is still looked at in the window; its fields keep their names.
  expect(
    failureOfFile({
      code: 'a',
      message: '`pretext.seeds` is wrong.',
      remedy: 'There, or by `pretext data kind`.',
    }),
  ).toEqual({ code: 'a', message: '`pretext.seeds` is wrong.', remedy: 'There.' });
});

it('names options of a task by the titles of that task', () => {
  const titles = new Map(titlesIn({ properties: { farIn: { title: 'Far in' }, near: {} } }));
  expect(inWindowWords('take far windows from one alone (`farIn: recording`), `near`', titles)).toBe(
    'take far windows from one alone (“Far in: recording”), “Near”',
  );
});

it('tells a failure of a form by its fields, to be changed there', () => {
  const failure = {
    code: 'recipe.invalid',
    message: '`pretext.batchSize` of 128 needs at least 256 training samples. Found: 98.',
    place: 'pretext.batchSize',
    remedy: 'Correct it in the recipe.',
  };
  expect(failureInForm(failure)).toEqual({
    code: 'recipe.invalid',
    message: '“Batch size” of 128 needs at least 256 training samples. Found: 98.',
    place: 'Batch size',
    remedy: 'Change it here.',
  });
  expect(failureInForm({ ...failure, message: 'pretext.batchSize must be below 5' }).message).toBe(
    '“Batch size” must be below 5',
  );
  // What is not of a recipe keeps its own remedy and place.
  const other = { code: 'disk.full', message: 'No room.', place: '/data', remedy: 'Make room.' };
  expect(failureInForm(other)).toEqual(other);
  // A message that says itself what to do, which is not done here.
  const told = {
    code: 'recipe.invalid',
    message: 'It has no labels: import it again.',
    place: 'data.finetune',
  };
  expect(failureInForm(told).remedy).toBeUndefined();
  expect(failureInWindow(failure).remedy).toBe('Correct it in the recipe.');
});

it('may make one of two failures, so that no list of them is keyed by its words', () => {
  const of = (place: string) =>
    failureInForm({ code: 'recipe.invalid', message: `${place} must be at least 1`, place });
  expect(of('pretext.seeds')).toEqual(of('finetune.seeds'));
  const pages = readdirSync('renderer', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.svelte'),
  );
  const keyed = pages.filter((file) =>
    /\{#each [^}]*failures as \w+ \(/.test(readFileSync(join('renderer', file), 'utf8')),
  );
  expect(keyed).toEqual([]);
});
