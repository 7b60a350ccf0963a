import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StartForm } from '../../../../../renderer/state/work/start-form.svelte.ts';
import type { RecipeReading } from '../../../../../renderer/lib/forms/recipes.ts';
import type { StudyStore } from '../../../../../renderer/state/work/studies.svelte.ts';
import { FAILURE, refusal, stubRunes } from '../../runes.ts';

beforeEach(() => stubRunes());
afterEach(() => vi.unstubAllGlobals());

const valid = { valid: true, recipe: { name: 'r' } } as unknown as RecipeReading;
const invalid = { valid: false, failures: [FAILURE] } as unknown as RecipeReading;

function formOf(start: () => Promise<unknown>) {
  const asked: unknown[] = [];
  const studies = {
    start: (recipe: unknown) => {
      asked.push(recipe);
      return start();
    },
  } as unknown as StudyStore;
  return { form: new StartForm(studies), asked };
}

it('starts what the form describes, once, and hands the study on', async () => {
  let answer: (study: unknown) => void = () => undefined;
  const { form, asked } = formOf(() => new Promise((resolve) => (answer = resolve)));
  const then: unknown[] = [];
  form.report([FAILURE]);
  const first = form.start(valid, (study) => then.push(study));
  expect([form.starting, form.failures]).toEqual([true, []]);
  await form.start(valid, (study) => then.push(study));
  answer({ id: 's' });
  await first;
  expect([asked, then, form.starting]).toEqual([[{ name: 'r' }], [{ id: 's' }], false]);
});

it('does not start what is not valid, and says why', async () => {
  const { form, asked } = formOf(() => Promise.resolve());
  await form.start(null, () => expect.unreachable());
  expect(form.failures).toEqual([]);
  await form.start(invalid, () => expect.unreachable());
  expect([asked, form.failures, form.starting]).toEqual([[], [FAILURE], false]);
});

it('keeps what the service says against it, and can be tried again', async () => {
  const { form } = formOf(() => Promise.reject(refusal()));
  await form.start(valid, () => expect.unreachable());
  expect([form.failures, form.starting]).toEqual([[FAILURE], false]);
  form.report([]);
  expect(form.failures).toEqual([]);
});
