/** Rules by which channels and stretches of recordings are taken for bad. */
import type { z } from 'zod';
import { choiceField, groupField, integerField, numberField } from '../../fields.ts';

export const FAULT_KINDS = ['flat', 'clipped', 'noisy', 'disconnected'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const faultField = groupField({
  title: 'Bad channels and stretches',
  help: 'Looked for in what the files hold, before other rates and any step.',
  fields: {
    badStretches: choiceField({
      title: 'Bad stretches',
      help: 'Not looked for; marked, so that the report and the viewer show them; or marked, and windows that touch one are left out.',
      choices: ['ignored', 'marked', 'left-out'],
      default: 'ignored',
    }),
    badChannels: choiceField({
      title: 'Bad channels',
      help: 'A recording with a channel that is bad for most of its time is kept and the channel named, or left out. Where it is kept, what this channel does costs no window.',
      choices: ['kept', 'left-out'],
      default: 'kept',
    }),
    seconds: numberField({
      title: 'Judged by',
      help: 'Length of the pieces that are judged, each by itself.',
      unit: 's',
      minimum: 0,
      open: true,
      maximum: 3600,
      default: 1,
      advanced: true,
    }),
    flat: numberField({
      title: 'Flat within',
      help: 'A channel is flat where a piece reaches no further than this from its smallest to its largest value, in the unit of the channel; below 0: never.',
      minimum: -1,
      maximum: 1e12,
      default: 0,
      advanced: true,
    }),
    clippedRows: integerField({
      title: 'Clipped from',
      help: 'A channel is clipped where so many values in a row are the smallest or the largest of its whole recording; 0: never.',
      minimum: 0,
      maximum: 100_000,
      default: 5,
      advanced: true,
    }),
    noisy: numberField({
      title: 'Noisy from',
      help: 'A channel is noisy where the deviation of a piece is so many times the median of its pieces, and all the time where that median is so many times the median of all channels (from four on); 0: never.',
      minimum: 0,
      maximum: 1e6,
      default: 5,
      advanced: true,
    }),
    disconnected: numberField({
      title: 'Disconnected below',
      help: 'A channel is disconnected where its correlation with no other channel reaches this, as on a head neighbours see much the same (0.4 in Bigdely-Shamlo et al. 2015); 0: never.',
      minimum: 0,
      maximum: 1,
      default: 0,
      advanced: true,
    }),
    share: numberField({
      title: 'Bad channel from',
      help: 'A channel is bad as a whole where more than this share of its pieces is.',
      minimum: 0,
      maximum: 1,
      default: 0.5,
      advanced: true,
    }),
  },
});
export type FaultOptions = z.output<typeof faultField>;
