import { expect, it } from 'vitest';
import { z } from 'zod';
import type { JsonSchema } from '../../../../../src/contract/catalogue.ts';
import { prepareField } from '../../../../../src/contract/data/recordings/preparation.ts';
import { movedStep, newStep, shownSteps, stepForms } from '../../../../../renderer/lib/forms/preparation.ts';

const forms = stepForms(z.toJSONSchema(prepareField, { io: 'input' }) as JsonSchema);

it('offers every kind of step with its fields', () => {
  expect(forms.map(({ id }) => id)).toContain('band-pass');
  const filter = forms.find(({ id }) => id === 'high-pass')!;
  expect(filter.fields.map(({ name, advanced }) => [name, advanced])).toEqual([
    ['at', false],
    ['order', true],
  ]);
  expect(stepForms(undefined)).toEqual([]);
});

it('begins a step with what the rate can hold', () => {
  const [low, detrend] = ['low-pass', 'detrend'].map((id) => forms.find((form) => form.id === id)!);
  expect(newStep(low!, 64)).toEqual({ step: 'low-pass', at: 16 });
  expect(newStep(low!, null)).toEqual({ step: 'low-pass', at: 40 });
  expect(newStep(detrend!, 64)).toEqual({ step: 'detrend' });
});

it('moves a step, and none beyond the ends', () => {
  const steps = ['a', 'b', 'c'].map((step) => ({ step }));
  expect(movedStep(steps, 2, -1).map(({ step }) => step)).toEqual(['a', 'c', 'b']);
  expect(movedStep(steps, 0, -1)).toEqual(steps);
});

it('shows the steps of a preset until there is a list', () => {
  const facts = { rate: 160, channels: 32 };
  const { steps, preset } = shownSteps({ preset: 'ecg', mains: '50' }, facts);
  expect(steps.map(({ step }) => step)).toEqual(['high-pass', 'notch', 'low-pass', 'scale']);
  expect(preset!.steps).toHaveLength(4);
  const own = [{ step: 'detrend' }];
  expect(shownSteps({ preset: 'none', steps: own }, facts)).toEqual({ steps: own, preset: null });
});
