/**
 * Signals for the choice of defaults beside the gestures: other people's muscles, movement of bodies, and rhythms told
 * by their frequency.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PretextError } from '../../../src/contract/errors.ts';
import { importSchema } from '../../../src/contract/recipe/recipe.ts';
import { randomStream } from '../../../src/learning/random.ts';
import { prepareMovement } from '../peers/setup.ts';
import { sampleStudy, type Source } from './task-samples.ts';

const split = { by: 'random', seed: 1, validation: 0.2, test: 0.2 };

/**
 * Gestures of 18 people (UCI 481), parted by person; rows that nobody marked have no label.
 *
 * @throws PretextError where the data, which are no part of this repository, do not lie where they are looked for
 */
function otherPeople(): Promise<Source> {
  const parent =
    process.env['PRETEXT_BENCH_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
  const path = join(parent, 'emg-36-people');
  if (!existsSync(path))
    throw new PretextError({
      code: 'bench.no-data',
      message: `There is no folder ${path}.`,
      remedy:
        'Lay “EMG data for gestures” (UCI data set 481) there, or set PRETEXT_BENCH_DATA to the folder that has emg-36-people; or choose other data with --data.',
    });
  return Promise.resolve({
    name: 'emg-36-people',
    options: importSchema.parse({
      path,
      format: 'delimited-signals',
      pathPattern: '{person}/{file}.txt.gz',
      group: 'person',
      split,
      signals: { resampleTo: 200, uneven: 'interpolate', windowLength: 128, labelFrom: 'column' },
    }),
    unlabeled: ['0'],
  });
}

/** Hertz of the rhythm of each class: a quarter apart, so that a view that is stretched by more shows another class. */
export const RHYTHMS = [8, 10, 12.5, 15.625];
const RHYTHM_SETTING = { people: 20, seconds: 90, rate: 100, channels: 4 };

/**
 * Made-up recordings in which nothing but a frequency tells the class, as with bands of EEG: stretches of 3 to 8 s with
 * one rhythm, whose strength on each channel is drawn for each stretch alike for all classes, in noise that is strongest
 * at low frequencies.
 *
 * @returns rows of values and label of one person, without the line of names
 */
export function rhythmRecording(person: number, { seconds, rate, channels } = RHYTHM_SETTING): string[] {
  const stream = randomStream(person, 'rhythms');
  const noise = new Float64Array(channels);
  const lines: string[] = [];
  while (lines.length < seconds * rate) {
    const chosen = stream.integer(RHYTHMS.length);
    const length = Math.round((3 + 5 * stream.uniform()) * rate);
    const strengths = Array.from({ length: channels }, () => Math.exp(0.5 * stream.normal()));
    const phases = Array.from({ length: channels }, () => 2 * Math.PI * stream.uniform());
    for (let row = 0; row < length && lines.length < seconds * rate; row++) {
      const values = strengths.map((strength, channel) => {
        noise[channel] = 0.9 * noise[channel]! + 0.6 * stream.normal();
        const turn = (2 * Math.PI * RHYTHMS[chosen]! * row) / rate + phases[channel]!;
        return (strength * Math.sin(turn) + noise[channel]!).toFixed(4);
      });
      lines.push([...values, `${RHYTHMS[chosen]} Hz`].join(','));
    }
  }
  return lines;
}

/** @param folder where the recordings are written */
function rhythms(folder: string): Promise<Source> {
  const path = join(folder, 'rhythms');
  for (let person = 1; person <= RHYTHM_SETTING.people; person++) {
    mkdirSync(join(path, `${person}`), { recursive: true });
    writeFileSync(join(path, `${person}`, 'recording.csv'), `${rhythmRecording(person).join('\n')}\n`);
  }
  return Promise.resolve({
    name: 'rhythms',
    options: importSchema.parse({
      path,
      format: 'delimited-signals',
      pathPattern: '{person}/{file}.csv',
      group: 'person',
      split,
      signals: { samplingRate: RHYTHM_SETTING.rate, windowLength: 128, labelFrom: 'column' },
    }),
  });
}

/** What 30 people do with a phone at the waist, parted by person; changes between postures have no label. */
async function phoneActivities(): Promise<Source> {
  return {
    name: 'phone-activities',
    options: importSchema.parse({
      path: join(await prepareMovement(), 'phone-activities'),
      format: 'delimited-signals',
      pathPattern: '{person}/{file}.csv',
      group: 'person',
      split,
      signals: { samplingRate: 50, windowLength: 128, labelFrom: 'column' },
    }),
    unlabeled: ['other'],
  };
}

/** Exercises of ten shoulders, by a watch; parted by person. */
async function watchExercises(): Promise<Source> {
  return {
    name: 'watch-exercises',
    options: importSchema.parse({
      path: join(await prepareMovement(), 'watch-exercises'),
      format: 'delimited-signals',
      pathPattern: '{person}/{exercise}-{side}.csv',
      labelColumn: 'exercise',
      group: 'person',
      split,
      signals: { samplingRate: 50, windowLength: 128, windowStride: 64, labelFrom: 'file' },
    }),
  };
}

/** Signals by name, each written or found on demand. */
export const signalSources = {
  rhythms,
  'wrist-gestures': sampleStudy('wrist-gestures.yaml'),
  'emg-36-people': otherPeople,
  'phone-activities': phoneActivities,
  'watch-exercises': watchExercises,
} satisfies Record<string, (folder: string) => Promise<Source>>;
