/**
 * The kind of signals, from what files say of them: names of channels first, then units, then what the file or folder is
 * called, then the rate. A unit that the kind is never measured in speaks against a name. What speaks for two kinds, or
 * for none, is not known: the person says it.
 */
import { isOnHead, ofHead, placesOf } from './electrodes.ts';
import { isAgainst, quantityOf } from './quantities.ts';
import {
  KIND_WORDS,
  withSaid,
  type KindChoice,
  type SignalKind,
  type SignalKindFacts,
} from './signal-kinds.ts';

export interface KnownOfSignals {
  channelNames?: readonly string[] | undefined;
  /** As the files write them, by channel; null where they say nothing. */
  channelUnits?: readonly (string | null)[] | undefined;
  /** Values a second. */
  samplingRate?: number | undefined;
  /** What a person has chosen the preparation for. */
  preparedAs?: SignalKind | null;
  /** Path of the file or folder that they come from: its last name counts where channels say nothing. */
  source?: string | undefined;
}

interface Found {
  kind: SignalKind;
  reason: string;
}

/** @param said what a person said; left out or `auto`: what is found */
export function signalKindOf(known: KnownOfSignals, said?: KindChoice): SignalKindFacts {
  const { kind, reason } = findSignalKind(known);
  return withSaid({ kind, reason, found: kind, isSaid: false }, said);
}

type Named = Exclude<SignalKind, 'eeg' | 'unknown'>;
const NAMED = ['ecg', 'emg', 'movement', 'vibration'] as const satisfies readonly Named[];

/** Words that stand in names of such channels alone; names are first parted into words. */
const WORDS: Record<Named, RegExp> = {
  ecg: /\b(ecg|ekg|ppg|bvp|pleth(ysmogra\w*)?|pulse|abp|art|cvp|mcl|ml ?i{1,3}|lead i{1,3}|lead v|lead av[rlf])\b/,
  emg: /\b(s?emg|hdemg|biceps|triceps|deltoid(eus)?|trapezius|gastrocnemius|soleus|tibialis|vastus|brachioradialis|flexor|extensor|masseter|submental|chin)\b/,
  movement:
    /\b(acc|accel|acceleration|accelerometer|gyr|gyro|gyros|gyroscope|imu|mag|magn|magnetometer|gravity|rotation rate|attitude|quat|quaternion|roll|pitch|yaw|angular|enmo)\b|\b(acc|accel|gyro?|mag)[xyz]\b/,
  vibration:
    /\b(bearing|vib|vibr|vibration|gear ?box|spindle|turbine|pump|fan end|drive end|[dfb][ea] time|geophone|seism\w*|mic|microphone|audio|sound|acoustic|hydrophone)\b/,
};
/** Leads by their bare names belong to an ECG where others of them stand beside, or in millivolts. */
const LEAD = /^(i{1,3}|av[rlf]|v[1-9]?)$/;
/** Axes by their bare names: acceleration and turning, where there are three. */
const AXIS = /^[agwr][xyz]$/;
/** What is recorded beside others says nothing for or against a kind. */
const BESIDE =
  /\b(eog|loc|roc|resp|respiration|airflow|flow|thor|thorax|thoracic|abd|abdomen|abdominal|snore|sp ?o 2|sa ?o 2|temp|temperature|eda|gsr|hr|heart rate|light|event|marker|status|trigger|sti|battery|counter|time|timestamp|annotations?|label|humidity|barometer|pressure|altitude|tacho|tachometer|rpm|speed|torque|current|voltage)\b/;

/** What is done with muscles, and not recorded from them. */
const OF_MUSCLES = /\b(torque|moment|force|strength|angle|velocity|length|load|power)\b/;
/** Motors are machines where another word says so: there are motor cortices and motor units. */
const MOTOR = /\bmotor\b/;
const OF_MACHINES =
  /\b(bearing|vib|vibr|vibration|gear( ?box)?|spindle|turbine|pump|fan|drive|shaft|rotor|stator|rpm|tacho|tachometer|housing|winding)\b/;
/** Grams weigh things; what is accelerated has a direction. */
const DIRECTION =
  /\b[awr]?[xyz]\b|\b(axis|vertical|horizontal|lateral|mediolateral|anteroposterior|longitudinal|radial|axial|tangential|magnitude|norm)\b/;

/** Bodies move below 20 Hz, and nobody records that a thousand times a second; machines are. */
const MACHINE_RATE = 1000;
/** Sound and machines are recorded at such rates, and of bodies only many electrodes at once. */
const SOUND_RATE = 8000;
const FEW_CHANNELS = 4;
/** So much of what says something must say the same. */
const MOST = 2 / 3;
const FEWEST_AXES = 3;
const FEWEST_LEADS = 2;

export function findSignalKind(known: KnownOfSignals): Found {
  const { channelNames = [], channelUnits = [], samplingRate, preparedAs, source } = known;
  if (preparedAs) return { kind: preparedAs, reason: `you prepared it as ${KIND_WORDS[preparedAs].title}.` };
  const total = channelNames.length;
  const ofVolts = channelNames.filter((_, at) => !isAgainst('eeg', channelUnits[at]));
  if (2 * ofVolts.length >= total && ofHead(ofVolts))
    return { kind: 'eeg', reason: headWords(ofVolts, total) };
  const votes = votesOf(channelNames, channelUnits);
  const count = (kind: SignalKind | 'beside') => votes.filter((one) => one === kind).length;
  const kinds = (['eeg', ...NAMED] as const).filter((kind) => count(kind) > 0);
  const [most] = kinds.toSorted((one, other) => count(other) - count(one));
  if (!most) return ofSource(source, channelUnits) ?? withoutNames(total, channelUnits, samplingRate);
  const agreeing = count(most);
  const isMost = agreeing >= MOST * (total - count('beside'));
  if (most === 'eeg' && isMost && !ofHead(channelNames.filter((_, at) => votes[at] === 'eeg')))
    return { kind: 'unknown', reason: mistakable(agreeing, total) };
  if (most === 'eeg' || !isMost) return { kind: 'unknown', reason: disagreement(kinds, count, total) };
  const kind = most === 'movement' && isFast(samplingRate) ? 'vibration' : most;
  return { kind, reason: `${shareOf(agreeing, total)} ${SAYS[most]}${rateWords(kind, most, samplingRate)}.` };
}

const SAYS: Record<Named, string> = {
  ecg: 'named or measured as an ECG or pulse is',
  emg: 'named as an EMG or after muscles',
  movement: 'named as, or in units of, acceleration, turning or direction',
  vibration: 'named after machines or sound',
};

const isFast = (rate: number | undefined) => rate !== undefined && rate >= MACHINE_RATE;

const rateWords = (kind: SignalKind, named: Named, rate: number | undefined) =>
  kind === named
    ? ''
    : `, and ${Math.round(rate!).toLocaleString('en')} values a second are more than bodies need`;

/** “all 6 channels are”, “6 of 8 channels are”, “1 of 8 channels is”. */
function shareOf(count: number, total: number): string {
  if (total === 1) return 'its channel is';
  return `${count === total ? `all ${total}` : `${count} of ${total}`} channels ${count === 1 ? 'is' : 'are'}`;
}

/** @param names those whose units do not speak against it, of so many */
function headWords(names: readonly string[], total: number): string {
  const placed = names.filter((name) => placesOf(name).length > 0).length;
  const said = names.filter((name) => isOnHead(name)).length;
  const words =
    placed === said
      ? `${placed} of ${total} ${total === 1 ? 'channel' : 'channels'} ${placed === 1 ? 'bears a name' : 'bear names'} of the 10–20 system`
      : `${said} of ${total} ${total === 1 ? 'channel' : 'channels'} ${said === 1 ? 'is' : 'are'} named as of an EEG`;
  const others = total - said;
  return others === 0
    ? `${words}.`
    : `${words}; the other ${others === 1 ? 'one goes' : `${others} go`} with ${said === 1 ? 'it' : 'them'}.`;
}

/** A name as words in small letters: `userAcceleration.x`, `AccX`, `X097_DE_time`, `EMG1`. */
function wordsOf(name: string): string {
  return name
    .replace(/([A-Za-z][a-z]{2})(?=[A-Z])/g, '$1 ')
    .replace(/([A-Z]{3})(?=[A-Z][a-z])/g, '$1 ')
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, ' ')
    .replace(/(\p{L})(?=\d)/gu, '$1 ')
    .replace(/(\d)(?=\p{L})/gu, '$1 ')
    .trim();
}

/** The kind that each channel speaks for; null where it says nothing. */
function votesOf(names: readonly string[], units: readonly (string | null)[]): (Vote | null)[] {
  const bare = names.map((name) => name.trim().toLowerCase());
  const beside: Beside = {
    axes: bare.filter((one) => AXIS.test(one)).length,
    leads: bare.filter((one) => LEAD.test(one) || /^ml ?i/.test(one)),
    hasCurrents: units.some((unit) => quantityOf(unit) === 'current'),
    hasMachines: names.some((name) => OF_MACHINES.test(wordsOf(name))),
  };
  return names.map((name, at) => voteOf(name, units[at] ?? null, beside));
}

type Vote = SignalKind | 'beside';

/** What all channels together say. */
interface Beside {
  axes: number;
  leads: readonly string[];
  hasCurrents: boolean;
  hasMachines: boolean;
}

function voteOf(name: string, unit: string | null, beside: Beside): Vote | null {
  const words = wordsOf(name);
  const bare = name.trim().toLowerCase();
  const named = NAMED.find((kind) => isNamed(kind, words, unit, beside) && !isAgainst(kind, unit));
  if (named) return named;
  if (isOnHead(name) && !LEAD.test(bare) && !isAgainst('eeg', unit)) return 'eeg';
  if (LEAD.test(bare) && isLeadAmong(beside, unit)) return 'ecg';
  if (AXIS.test(bare) && beside.axes >= FEWEST_AXES && !isAgainst('movement', unit)) return 'movement';
  if (BESIDE.test(words)) return 'beside';
  return voteOfUnit(words, unit);
}

function isNamed(kind: Named, words: string, unit: string | null, { hasMachines }: Beside): boolean {
  if (kind === 'emg' && OF_MUSCLES.test(words)) return false;
  if (WORDS[kind].test(words)) return true;
  if (kind !== 'vibration' || !MOTOR.test(words)) return false;
  return hasMachines || quantityOf(unit) === 'acceleration';
}

function voteOfUnit(words: string, unit: string | null): Vote | null {
  const quantity = quantityOf(unit);
  if (quantity === 'turning') return 'movement';
  if (quantity === 'acceleration')
    return /^m?g$/i.test(unit!.trim()) && !DIRECTION.test(words) ? null : 'movement';
  return quantity === 'sound' ? 'vibration' : null;
}

/** `V1` and `V2` alone may be voltages of anything, and `V` and `I` are voltage and current. */
function isLeadAmong({ leads, hasCurrents }: Beside, unit: string | null): boolean {
  if (hasCurrents || (quantityOf(unit) ?? 'voltage') !== 'voltage') return false;
  return (
    unit?.trim().toLowerCase() === 'mv' ||
    (leads.length >= FEWEST_LEADS &&
      leads.some((one) => !one.startsWith('v')) &&
      leads.some((one) => one !== 'v' && one !== 'i'))
  );
}

/** Places on the head that are names of other things, too. */
function mistakable(count: number, total: number): string {
  if (total === 1)
    return 'its channel bears a name of the 10–20 system, which may be that of something else.';
  return `${count === total ? `all ${total}` : `${count} of ${total}`} channels ${count === 1 ? 'bears a name' : 'bear names'} of the 10–20 system, which may be ${count === 1 ? 'that of something else' : 'those of other things'}.`;
}

function disagreement(
  kinds: readonly SignalKind[],
  count: (kind: SignalKind) => number,
  total: number,
): string {
  if (kinds.length > 1)
    return `channels speak for several kinds (${kinds.map((kind) => `${KIND_WORDS[kind].title}: ${count(kind)}`).join(', ')}).`;
  const speaking = count(kinds[0]!);
  return `only ${speaking} of ${total} channels ${speaking === 1 ? 'speaks' : 'speak'} for “${KIND_WORDS[kinds[0]!].title}”.`;
}

/** Only words that nothing else is called by: a file may be named after a finger or a motor, too. */
const OF_SOURCES: Record<Exclude<SignalKind, 'unknown'>, RegExp> = {
  eeg: /\b(i?eeg|polysomnogra\w*|psg)\b/,
  ecg: /\b(ecg|ekg|ppg|electrocardiogra\w*|photoplethysmogra\w*)\b/,
  emg: /\b(s?emg|hdemg|electromyogra\w*)\b/,
  movement: /\b(imu|acceleromet\w*|gyroscopes?)\b/,
  vibration: /\b(vibrations?|bearings?)\b/,
};

/** What the file or folder is called, where that names one kind, whose units are not against it. */
function ofSource(source: string | undefined, units: readonly (string | null)[]): Found | null {
  const name = source?.split(/[\\/]/).findLast((part) => part !== '');
  if (name === undefined) return null;
  const words = wordsOf(name);
  const kinds = (Object.keys(OF_SOURCES) as (keyof typeof OF_SOURCES)[]).filter((kind) =>
    OF_SOURCES[kind].test(words),
  );
  const [kind] = kinds;
  if (!kind || kinds.length > 1 || units.some((unit) => isAgainst(kind, unit))) return null;
  return { kind, reason: `“${name}” is called so; its channels do not say what they measure.` };
}

function withoutNames(
  channels: number,
  units: readonly (string | null)[],
  samplingRate: number | undefined,
): Found {
  if (samplingRate !== undefined && samplingRate >= SOUND_RATE && channels <= FEW_CHANNELS)
    return {
      kind: 'vibration',
      reason: `${Math.round(samplingRate).toLocaleString('en')} values a second are what sound and machines are recorded at.`,
    };
  const quantities = units.map((unit) => quantityOf(unit));
  const isVolts = quantities.includes('voltage') && !quantities.includes('current');
  return {
    kind: 'unknown',
    reason: isVolts
      ? 'names of the channels do not say what they measure, and volts are those of EEG, ECG and EMG alike.'
      : 'neither names nor units of the channels say what they measure.',
  };
}
