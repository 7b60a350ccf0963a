/** The list of steps of a preparation while it is put together. */
import type { JsonSchema } from '../../../src/contract/catalogue.ts';
import { fieldsOf, type Field, type FieldSchema } from '../../../src/contract/field-schema.ts';
import type { PrepareStep, PresetId } from '../../../src/contract/data/recordings/preparation.ts';
import { presetOf, type Preset, type PresetFacts } from '../../../src/contract/data/recordings/presets.ts';

/** A step as it is typed: fields may still be missing. */
export type TypedStep = { step: string; off?: boolean } & Record<string, unknown>;

/** A kind of step that can be added. */
export interface StepForm {
  id: PrepareStep['step'];
  title: string;
  help: string;
  fields: Field[];
}

/** The kinds of steps that a format takes; empty where it prepares nothing. */
export function stepForms(group: JsonSchema | undefined): StepForm[] {
  const forms = (group as FieldSchema | undefined)?.properties?.['steps']?.items?.oneOf ?? [];
  return forms.map((form) => {
    const { step, off: _off, ...properties } = form.properties ?? {};
    return {
      id: step?.const as PrepareStep['step'],
      title: form.title ?? '',
      help: form.description ?? '',
      fields: fieldsOf({ ...form, properties } as JsonSchema),
    };
  });
}

/** What is shown: the list that was put together, else that of the preset. */
export function shownSteps(
  prepare: Record<string, unknown>,
  facts: Omit<PresetFacts, 'mains'> | null,
): { steps: TypedStep[]; preset: Preset | null } {
  const steps = (prepare['steps'] ?? []) as TypedStep[];
  const id = (prepare['preset'] ?? 'none') as PresetId;
  if (steps.length > 0 || id === 'none' || !facts) return { steps, preset: null };
  const mains = (prepare['mains'] ?? 'unknown') as PresetFacts['mains'];
  const preset = presetOf(id, { ...facts, mains });
  return { steps: (preset?.steps ?? []).map(({ step }) => ({ ...step })), preset };
}

/** Where a filter begins that nobody has said anything of yet; at low rates lower, so that it can be at all. */
const STARTS: Partial<Record<PrepareStep['step'], Record<string, number>>> = {
  'high-pass': { at: 0.5 },
  'low-pass': { at: 40 },
  'band-pass': { from: 0.5, to: 40 },
  notch: { at: 50 },
  clip: { at: 20 },
};

export function newStep({ id }: StepForm, rate: number | null): TypedStep {
  const most = id === 'clip' || rate === null ? Infinity : rate / 4;
  const fields = Object.entries(STARTS[id] ?? {}).map(([name, value]) => [name, Math.min(value, most)]);
  return { step: id, ...Object.fromEntries(fields) };
}

/** The list with one of its steps moved by so many places; itself where it cannot be. */
export function movedStep(steps: readonly TypedStep[], at: number, by: number): TypedStep[] {
  const to = at + by;
  const list = [...steps];
  const [one] = to >= 0 && to < list.length ? list.splice(at, 1) : [];
  if (one) list.splice(to, 0, one);
  return list;
}
