/** How numbers are written: which sign parts decimals and which one groups thousands. */

import { withUnit } from './units.ts';

/** Null: no cell that was looked at has decimals; the sign that comes later is then taken for one. */
export interface NumberFormat {
  decimal: '.' | ',' | null;
  thousands: '' | '.' | ',' | ' ' | "'";
}

const SHAPE = /^[+-]?(\d[\d.,'\u00A0\u202F ]*|[.,]\d+)(e[+-]?\d+)?$/i;
/** A space groups thousands: three digits follow it. "5 1" are two numbers. */
const ODD_SPACE = /[\u00A0\u202F ](?!\d{3}(?!\d))/;
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** The errors of spreadsheets among them: nothing is known where a formula came to none. */
const MISSING = /^(|nan|#?na|#?n\/a|null|nil|none|\?|-|--|\.|#div\/0!|#value!|#ref!|#name\?|#num!|#null!)$/i;

const LONGEST_MISSING = '#value!'.length;
const [ZERO, NINE, POINT, MINUS, PLUS] = [48, 57, 46, 45, 43];
/** Whole numbers of so many digits, and powers of ten up to the 22nd, are exact: so is the rounding of their quotient. */
const EXACT_DIGITS = 15;
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);

/** Written as JavaScript writes it. */
export const isNumber = (text: string): boolean => PLAIN.test(text);
/** A number in some way of writing. */
export const looksLikeNumber = (text: string): boolean => SHAPE.test(text) && !ODD_SPACE.test(text);
/** Nothing, or one of the words for nothing. */
export function isMissing(text: string): boolean {
  if (text.length > LONGEST_MISSING) return false;
  if (text.length === 0) return true;
  // Most short cells are numbers: no word for nothing begins with a digit.
  const first = text.charCodeAt(0);
  return !(first >= ZERO && first <= NINE) && MISSING.test(text);
}

/** What cells say about the way numbers are written; each counts cells. */
export interface NumberEvidence {
  /** A point, or a comma, that can only part decimals: 0.5, 12.5, 1234.567. */
  point: number;
  comma: number;
  /** One that has three digits behind it and one to three before: 1.234 is either. */
  pointOrGroup: number;
  commaOrGroup: number;
  /** 1.234,5 and 1.234.567 */
  pointGroups: number;
  /** 1,234.5 and 1,234,567 */
  commaGroups: number;
  spaceGroups: number;
  apostropheGroups: number;
}

export const noEvidence = (): NumberEvidence => ({
  point: 0,
  comma: 0,
  pointOrGroup: 0,
  commaOrGroup: 0,
  pointGroups: 0,
  commaGroups: 0,
  spaceGroups: 0,
  apostropheGroups: 0,
});

export function addEvidence(sum: NumberEvidence, more: NumberEvidence): void {
  for (const key of Object.keys(sum) as (keyof NumberEvidence)[]) sum[key] += more[key];
}

export function weigh(evidence: NumberEvidence, written: string): void {
  const cell = withUnit(written)?.number ?? written;
  const found = /^[+-]?([\d.,'\u00A0\u202F ]+)(e[+-]?\d+)?$/i.exec(cell)?.[1];
  if (found === undefined || !/[.,' \u00A0\u202F]/.test(found)) return;
  const digits = found.trim();
  if (/^\d{1,3}([ \u00A0\u202F]\d{3})+([.,]\d*)?$/.test(digits)) evidence.spaceGroups += 1;
  else if (/^\d{1,3}('\d{3})+([.,]\d*)?$/.test(digits)) evidence.apostropheGroups += 1;
  else if (/^\d{1,3}(\.\d{3})+,\d*$|^\d{1,3}(\.\d{3}){2,}$/.test(digits)) evidence.pointGroups += 1;
  else if (/^\d{1,3}(,\d{3})+\.\d*$|^\d{1,3}(,\d{3}){2,}$/.test(digits)) evidence.commaGroups += 1;
  else if (/^[1-9]\d{0,2}\.\d{3}$/.test(digits)) evidence.pointOrGroup += 1;
  else if (/^[1-9]\d{0,2},\d{3}$/.test(digits)) evidence.commaOrGroup += 1;
  else if (/^\d*\.\d*$/.test(digits)) evidence.point += 1;
  else if (/^\d*,\d*$/.test(digits)) evidence.comma += 1;
  const last = digits.replace(/[^.,]/g, '').at(-1);
  if (/[ \u00A0\u202F']/.test(digits) && last) evidence[last === ',' ? 'comma' : 'point'] += 1;
}

export interface NumberDecision extends NumberFormat {
  /** `either`: one value in three ways; nothing tells which. `mixed`: both signs occur as decimal signs. */
  doubt: null | 'comma-either' | 'point-either' | 'mixed';
}

export function decideNumbers(evidence: NumberEvidence): NumberDecision {
  const { point, comma, pointOrGroup, commaOrGroup, pointGroups, commaGroups } = evidence;
  const groups = evidence.spaceGroups > 0 ? ' ' : evidence.apostropheGroups > 0 ? "'" : '';
  const forComma = comma + pointGroups;
  const forPoint = point + commaGroups;
  if (forComma > 0 && forPoint > 0) {
    return { decimal: forComma > forPoint ? ',' : '.', thousands: groups, doubt: 'mixed' };
  }
  if (forComma > 0) {
    return { decimal: ',', thousands: pointGroups + pointOrGroup > 0 ? '.' : groups, doubt: null };
  }
  if (forPoint > 0) {
    return { decimal: '.', thousands: commaGroups + commaOrGroup > 0 ? ',' : groups, doubt: null };
  }
  if (commaOrGroup > 0 && pointOrGroup > 0) return { decimal: '.', thousands: groups, doubt: 'mixed' };
  if (commaOrGroup > 0) return { decimal: ',', thousands: groups, doubt: 'comma-either' };
  if (pointOrGroup > 0) return { decimal: '.', thousands: groups, doubt: 'point-either' };
  return { decimal: null, thousands: groups, doubt: null };
}

const GROUPED: Record<string, RegExp> = {
  '.': /^[+-]?\d{1,3}(\.\d{3})+(,\d*)?(e[+-]?\d+)?$/i,
  ',': /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?(e[+-]?\d+)?$/i,
  ' ': /^[+-]?\d{1,3}([ \u00A0\u202F]\d{3})+([.,]\d*)?(e[+-]?\d+)?$/i,
  "'": /^[+-]?\d{1,3}('\d{3})+([.,]\d*)?(e[+-]?\d+)?$/i,
};

/** The number that a cell holds; NaN for anything that is none. */
export function toNumber(text: string, { decimal, thousands }: NumberFormat): number {
  if (decimal !== ',') {
    const short = shortNumber(text);
    if (!Number.isNaN(short)) return short;
  }
  let plain = text;
  if (thousands !== '' && GROUPED[thousands]?.test(text)) {
    plain = text.replace(thousands === ' ' ? /[ \u00A0\u202F]/g : new RegExp(`\\${thousands}`, 'g'), '');
  }
  if (decimal !== '.' && plain.includes(',') && !plain.includes('.')) plain = plain.replace(',', '.');
  else if (decimal === ',' && plain.includes('.')) return NaN;
  return PLAIN.test(plain) ? Number(plain) : NaN;
}

/**
 * What most cells are, read digit by digit, as near to what is written as a number can be (the short way of Clinger
 * 1990); NaN for whatever else.
 */
function shortNumber(text: string): number {
  const { length } = text;
  const first = text.charCodeAt(0);
  let at = first === MINUS || first === PLUS ? 1 : 0;
  let value = 0;
  let digits = 0;
  let decimals = -1;
  for (; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      value = value * 10 + (code - ZERO);
      digits++;
      if (decimals >= 0) decimals++;
    } else if (code === POINT && decimals < 0) decimals = 0;
    else return NaN;
  }
  if (digits === 0 || digits > EXACT_DIGITS) return NaN;
  if (decimals > 0) value /= POWERS[decimals]!;
  return first === MINUS ? -value : value;
}
