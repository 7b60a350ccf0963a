/**
 * Names of electrodes of the 10–20, 10–10 and 10–5 systems, whatever way they are written: `EEG Fp1-REF`, `FP1` and
 * `Fp1.` are one place, and so are T3 and T7 (Jurcak et al., NeuroImage 34, 2007; old names: ACNS guideline 2).
 */

/** Rows of the cap from front to back, longest first, as they are written. */
const ROWS = [
  'AFp',
  'FFT',
  'FTT',
  'TTP',
  'TPP',
  'FFC',
  'FCC',
  'CCP',
  'CPP',
  'PPO',
  'POO',
  'AFF',
  'OI',
  'Fp',
  'AF',
  'FT',
  'FC',
  'TP',
  'CP',
  'PO',
  'N',
  'F',
  'T',
  'C',
  'P',
  'O',
  'I',
  'A',
  'M',
];
const OLD_NAMES: Record<string, string> = { T3: 'T7', T4: 'T8', T5: 'P7', T6: 'P8' };
const ROW = new Map(ROWS.map((row) => [row.toLowerCase(), row]));
const PLACE = /^([a-z]{1,3})(z|\d{1,2}h?)$/;
/** What is written before and behind the place: the kind of signal, and what it is measured against. */
const BEFORE = /^(eeg|seeg|ecog)[\s_:.-]+/i;
const BEHIND = /[\s_-]+(ref|refs?|le|re|ar|avg?|average|cz_?ref|linked|m1m2|a1a2|a1\+a2|org|0|1)$/i;

/** The place as the systems write it (`Fp1`, `AFz`, `T7`); null for what is no place on the head. */
export function electrodeOf(name: string): string | null {
  const bare = name
    .trim()
    .replace(BEFORE, '')
    .replace(BEHIND, '')
    .replace(/[\s.]+$/, '')
    .replace(/^\.+/, '')
    .toLowerCase();
  const found = PLACE.exec(bare);
  const row = found && ROW.get(found[1]!);
  if (!row) return null;
  const side = found[2]!;
  if (side !== 'z' && (Number.parseInt(side, 10) < 1 || Number.parseInt(side, 10) > 10)) return null;
  if ((row === 'A' || row === 'M') && !['1', '2'].includes(side)) return null;
  const place = row + side;
  return OLD_NAMES[place] ?? place;
}

/** `T1` and `P2` are names of other things, too; `Cz`, `Fp1` and `PO7` hardly. */
const UNMISTAKABLE = /^(Fp|AF|FC|FT|CP|TP|PO).|z$/;
/** A channel that calls itself one of an EEG: `EEG Fpz-Cz`, `EEG(sec)`, `EEG2`. */
const SAYS_SO = /^[is]?eeg(?![a-z])|^ecog(?![a-z])/i;

/**
 * Whether these are channels of an EEG: one says so, or half of them are places on the head (or lead from one to
 * another), two of them unmistakable.
 */
export function ofHead(names: readonly string[]): boolean {
  if (names.some((name) => SAYS_SO.test(name.trim()))) return true;
  const places = names.filter((name) => isOnHead(name));
  return 2 * places.length >= names.length && places.filter((name) => isUnmistakable(name)).length >= 2;
}

/** Whether a channel says that it is one of an EEG, lies at a place on the head, or leads from one to another. */
export const isOnHead = (name: string): boolean => SAYS_SO.test(name.trim()) || placesOf(name).length > 0;

function isUnmistakable(name: string): boolean {
  const places = placesOf(name);
  return places.length > 1 || places.some((place) => UNMISTAKABLE.test(place));
}

/** Where a channel lies, or between which two places it leads; nothing for all others. */
export function placesOf(name: string): string[] {
  const own = electrodeOf(name);
  if (own !== null) return [own];
  const ends = name
    .trim()
    .replace(BEFORE, '')
    .split('-')
    .map((end) => electrodeOf(end));
  return ends.length === 2 && ends.every((end) => end !== null) ? ends : [];
}

/** What all spellings of one channel have in common. */
export const channelKey = (name: string): string =>
  electrodeOf(name)?.toLowerCase() ?? name.trim().replace(/\s+/g, ' ').toLowerCase();
