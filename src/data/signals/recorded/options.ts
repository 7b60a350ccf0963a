/** What readers of recordings are told beside what all signals are. */
import { z } from 'zod';
import { choiceField, numberField } from '../../../contract/fields.ts';
import { faultField } from '../../../contract/data/recordings/faults.ts';
import { fromEarlierPreparation, prepareField } from '../../../contract/data/recordings/preparation.ts';

/** Options of every reader of recordings. */
export const recordedFields = {
  labelSource: choiceField({
    title: 'Labels come from',
    help: 'Events (annotations) of the file, the values of a marker channel, the trials of an array, the file (its folder, the path pattern or a table of labels), or nowhere. Default: found; asked where it could be two things.',
    choices: ['auto', 'events', 'marker', 'trials', 'files', 'nothing'],
    default: 'auto',
  }),
  marker: z
    .string()
    .min(1)
    .optional()
    .describe('Name of the channel whose values mark what happens, such as Status or STI 014.')
    .meta({ title: 'Marker channel' }),
  cut: choiceField({
    title: 'Windows',
    help: 'Inside: one after the other within each labelled stretch, such as a sleep stage. Around: one for each event, from and to so many seconds. Whole: each trial is one sample. Default: whole trials where there are any, around events that are moments, else inside.',
    choices: ['auto', 'inside', 'around', 'whole'],
    default: 'auto',
  }),
  eventFrom: numberField({
    title: 'Around events, from',
    help: 'Where a window around an event begins; before the event below zero.',
    unit: 's',
    minimum: -3600,
    maximum: 3600,
    default: -0.2,
    advanced: true,
  }),
  eventTo: numberField({
    title: 'Around events, to',
    help: 'Where a window around an event ends.',
    unit: 's',
    minimum: -3600,
    maximum: 3600,
    default: 0.8,
    advanced: true,
  }),
  otherParts: choiceField({
    title: 'Everything else',
    help: 'What carries no class (other events, and what lies between them) becomes unlabeled samples to pretrain on, or is left out.',
    choices: ['unlabeled', 'dropped'],
    default: 'unlabeled',
  }),
  prepare: prepareField,
  faults: faultField,
};

/** Options of delimited text, whose columns say where labels come from. */
export const textSchema = z.strictObject({ prepare: prepareField, faults: faultField });
export type TextOptions = z.output<typeof textSchema>;

/** Options as versions before wrote them, as they are written now. */
export const fromEarlierOptions = (own: Record<string, unknown>): Record<string, unknown> =>
  'prepare' in own ? { ...own, prepare: fromEarlierPreparation(own['prepare']) } : own;

export const recordedSchema = z.strictObject(recordedFields);
export type RecordedOptions = z.output<typeof recordedSchema>;

const AXES = ['auto', 'time', 'channel-time', 'time-channel', 'trial-time', 'time-trial'] as const;
const AXES_OF_THREE = [
  'trial-channel-time',
  'trial-time-channel',
  'channel-time-trial',
  'time-channel-trial',
  'channel-trial-time',
  'time-trial-channel',
] as const;

const variable = (title: string, help: string) => z.string().min(1).optional().describe(help).meta({ title });

/** Options of readers of files that hold several arrays. */
export const arraySchema = z.strictObject({
  ...recordedFields,
  variable: variable(
    'Array of the data',
    'Name of the array that holds the data. Default: by far the largest.',
  ),
  axes: choiceField({
    title: 'Axes',
    help: 'What the axes of the array are, in its order. Default: found where sizes tell it, else asked for.',
    choices: [...AXES, ...AXES_OF_THREE],
    default: 'auto',
  }),
  labelVariable: variable(
    'Array of labels',
    'Name of the array with a label for each trial, or each row. Default: y, labels, classes or targets.',
  ),
  groupVariable: variable(
    'Array of groups',
    'Name of the array that says whom each trial is of. Default: groups, subjects or sessions.',
  ),
});
export type ArrayOptions = z.output<typeof arraySchema>;
