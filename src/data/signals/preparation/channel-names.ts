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

/** What all spellings of one channel have in common. */
export const channelKey = (name: string): string =>
  electrodeOf(name)?.toLowerCase() ?? name.trim().replace(/\s+/g, ' ').toLowerCase();
