/**
 * Kinds of signals: what a recording is of. Views that suit one teach blindness to what tells the classes of another
 * (`learning/views/signals/by-kind.ts`), so the kind is found (`find-kind.ts`), shown, and can be corrected.
 */
import { z } from 'zod';

export const SIGNAL_KINDS = ['eeg', 'ecg', 'emg', 'movement', 'vibration', 'unknown'] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];
export const signalKindSchema = z.enum(SIGNAL_KINDS);

/** What a person may say: a kind, or that it is to be found. */
export const KIND_CHOICES = ['auto', ...SIGNAL_KINDS] as const;
export type KindChoice = (typeof KIND_CHOICES)[number];

/** Each kind by a name, and by what belongs to it. */
export const KIND_WORDS: Record<SignalKind, { title: string; note: string }> = {
  eeg: {
    title: 'EEG or sleep',
    note: 'Electrodes on the head, alone or with what is recorded beside in sleep',
  },
  ecg: { title: 'ECG or pulse', note: 'The heart by electrodes, by light through the skin or by pressure' },
  emg: { title: 'EMG', note: 'Muscles by electrodes' },
  movement: { title: 'Movement', note: 'Accelerometer, gyroscope, IMU of people or animals' },
  vibration: { title: 'Vibration or sound', note: 'Machines, structures, microphones' },
  unknown: { title: 'Not known, or another', note: 'Views are those that suit most sensors' },
};

/** The kind that recordings were prepared as, by the preset of their preparation. */
export function presetIn(options: Record<string, unknown> | undefined): SignalKind | null {
  const prepare = options?.['prepare'];
  if (typeof prepare !== 'object' || prepare === null || !('preset' in prepare)) return null;
  const preset = signalKindSchema.safeParse(prepare.preset);
  return preset.success ? preset.data : null;
}

/** The kind of a dataset's signals, and how it is known. */
export const signalKindFactsSchema = z.object({
  kind: signalKindSchema,
  /** What speaks for it, in a sentence: what was found, even where a person said another. */
  reason: z.string(),
  /** What was found, whatever a person said. */
  found: signalKindSchema,
  /** A person said it. */
  isSaid: z.boolean(),
});
export type SignalKindFacts = z.infer<typeof signalKindFactsSchema>;

/** The same with another word of the person. */
export function withSaid(facts: SignalKindFacts, said: KindChoice | undefined): SignalKindFacts {
  const isSaid = said !== undefined && said !== 'auto';
  return { ...facts, kind: isSaid ? said : facts.found, isSaid };
}

/** “EMG: all 8 channels are named as muscles are.”; where a person said another, that. */
export function kindWords({ kind, found, reason, isSaid }: SignalKindFacts): string {
  const { title } = KIND_WORDS[kind];
  if (!isSaid) return `${title}: ${reason}`;
  return kind === found
    ? `${title}, as you said; found too: ${reason}`
    : `${title}, as you said; ${wasFound(found, reason)}`;
}

/** What was found and why, beneath the choice itself. */
export function foundWords({ found, reason, isSaid }: SignalKindFacts): string {
  const why = reason[0]!.toUpperCase() + reason.slice(1);
  if (!isSaid) return why;
  const words = wasFound(found, reason);
  return words[0]!.toUpperCase() + words.slice(1);
}

const wasFound = (found: SignalKind, reason: string) =>
  found === 'unknown'
    ? `none was found: ${reason}`
    : `found was ${lower(KIND_WORDS[found].title)}: ${reason}`;

/** Words that are no abbreviations begin small inside of a sentence. */
const lower = (title: string) => (/^[A-Z]{2}/.test(title) ? title : title[0]!.toLowerCase() + title.slice(1));
