/**
 * The kind of signals, from what files say of them: names of channels first, then units, then the rate. What speaks for
 * two kinds, or for none, is not known: the person says it.
 */
import { isOnHead, ofHead, placesOf } from './electrodes.ts';
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
    /\b(bearing|vib|vibr|vibration|gear ?box|spindle|motor|turbine|pump|fan end|drive end|[dfb][ea] time|geophone|seism\w*|mic|microphone|audio|sound|acoustic|hydrophone)\b/,
};
/** Leads by their bare names belong to an ECG where others of them stand beside, or in millivolts. */
const LEAD = /^(i{1,3}|av[rlf]|v[1-9]?)$/;
/** Axes by their bare names: acceleration and turning, where there are three. */
const AXIS = /^[agwr][xyz]$/;
/** What is recorded beside others says nothing for or against a kind. */
const BESIDE =
  /\b(eog|loc|roc|resp|respiration|airflow|flow|thor|thorax|thoracic|abd|abdomen|abdominal|snore|sp ?o 2|sa ?o 2|temp|temperature|eda|gsr|hr|heart rate|light|event|marker|status|trigger|sti|battery|counter|time|timestamp|annotations?|label|humidity|barometer|pressure|altitude|tacho|tachometer|rpm|speed|torque|current|voltage)\b/;

const ACCELERATION = /^(m?g|g's|m ?[/·] ?s ?(\^ ?2|²|2|\/ ?s)|m ?[·.]? ?s ?(\^-2|⁻²|-2))$/i;
const TURNING = /^(°|deg|degrees?|m?rad|radians?) ?([/·] ?s(ec)?|s ?(\^-1|⁻¹|-1))$|^dps$/i;
const SOUND = /^[µum]?pa$/i;
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
  const { channelNames = [], channelUnits = [], samplingRate, preparedAs } = known;
  if (preparedAs) return { kind: preparedAs, reason: `you prepared it as ${KIND_WORDS[preparedAs].title}.` };
  const total = channelNames.length;
  if (ofHead(channelNames)) return { kind: 'eeg', reason: headWords(channelNames) };
  const all = channelNames.map((name) => name.trim().toLowerCase());
  const votes = channelNames.map((name, at) => voteOf(name, channelUnits[at] ?? null, all));
  const count = (kind: SignalKind | 'beside') => votes.filter((one) => one === kind).length;
  const kinds = (['eeg', ...NAMED] as const).filter((kind) => count(kind) > 0);
  const [most] = kinds.toSorted((one, other) => count(other) - count(one));
  if (!most) return withoutNames(total, channelUnits, samplingRate);
  const agreeing = count(most);
  if (most === 'eeg' || agreeing < MOST * (total - count('beside')))
    return { kind: 'unknown', reason: disagreement(kinds, count, total) };
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

/** “all 6 channels are”, “6 of 8 channels are”. */
function shareOf(count: number, total: number): string {
  if (total === 1) return 'its channel is';
  return `${count === total ? `all ${total}` : `${count} of ${total}`} channels are`;
}

function headWords(names: readonly string[]): string {
  const total = names.length;
  const placed = names.filter((name) => placesOf(name).length > 0).length;
  const said = names.filter((name) => isOnHead(name)).length;
  const words =
    placed === said
      ? `${placed} of ${total} ${total === 1 ? 'channel' : 'channels'} ${placed === 1 ? 'bears a name' : 'bear names'} of the 10–20 system`
      : `${said} of ${total} ${total === 1 ? 'channel' : 'channels'} ${said === 1 ? 'is' : 'are'} named as of an EEG`;
  const others = total - said;
  return others === 0
    ? `${words}.`
    : `${words}; the other ${others === 1 ? 'one goes' : `${others} go`} with them.`;
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

/** The kind that a channel speaks for; null where it says nothing. */
function voteOf(name: string, unit: string | null, all: readonly string[]): SignalKind | 'beside' | null {
  const words = wordsOf(name);
  const bare = name.trim().toLowerCase();
  for (const kind of NAMED) if (WORDS[kind].test(words)) return kind;
  if (isOnHead(name) && !LEAD.test(bare)) return 'eeg';
  if (LEAD.test(bare) && isLeadAmong(all, unit)) return 'ecg';
  if (AXIS.test(bare) && all.filter((one) => AXIS.test(one)).length >= FEWEST_AXES) return 'movement';
  if (BESIDE.test(words)) return 'beside';
  if (unit === null) return null;
  if (ACCELERATION.test(unit.trim()) || TURNING.test(unit.trim())) return 'movement';
  return SOUND.test(unit.trim()) ? 'vibration' : null;
}

/** `V1` and `V2` alone may be voltages of anything. */
function isLeadAmong(all: readonly string[], unit: string | null): boolean {
  const leads = all.filter((one) => LEAD.test(one) || /^ml ?i/.test(one));
  return (
    unit?.trim().toLowerCase() === 'mv' ||
    (leads.length >= FEWEST_LEADS && leads.some((one) => !one.startsWith('v')))
  );
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
  const isVolts = units.some((unit) => /^[mµun]?v$/i.test(unit?.trim() ?? ''));
  return {
    kind: 'unknown',
    reason: isVolts
      ? 'names of the channels do not say what they measure, and volts are those of EEG, ECG and EMG alike.'
      : 'neither names nor units of the channels say what they measure.',
  };
}
