/** Numbers with their unit in the cell, as people and spreadsheets write them: 12.5 %, € 1,200, 1.200,00 EUR, −3 °C, 80 kg. */

export interface WithUnit {
  /** The number alone, in the file's way of writing, with a plain minus. */
  number: string;
  /** Empty where nothing but the minus was odd. */
  unit: string;
}

const CURRENCIES =
  'USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|BRL|MXN|ZAR|KRW|SGD|HKD|ILS|RUB|UAH';
/** Of one letter those that few codes end with. */
const UNITS = [
  'kg|g|mg|[µμ]g|ng|pg|t|lbs?|oz|km|m|cm|mm|[µμ]m|nm|mi|ft|px|pcs|ha|(?:[kcm]?m)(?:²|\\^2|2|³|\\^3|3)',
  'l|[mcdµμ][lL]|[mcdµμ]?[lL]\\/min|kg\\/m(?:²|\\^2|2|³|\\^3|3)|g\\/cm(?:³|\\^3|3)',
  'h|hrs?|min|s|sec|ms|[µμ]s|ns|years?|yrs?|months?|weeks?|days?|bpm|rpm|Hz|kHz|MHz|GHz',
  'km\\/h|mph|m\\/s(?:²|\\^2|2)?|°\\/s|deg\\/s|rad\\/s|°C|°F|°',
  'mmHg|mm Hg|cmH2O|hPa|kPa|MPa|Pa|mbar|bar|psi|kN|Nm',
  'dB|dBm|mV|[µμ]V|kV|mA|[µμ]A|mW|kW|MW|kWh|MWh|Wh|kJ|MJ|kcal|cal|kΩ|MΩ|Ω',
  '(?:[mµμnp]?mol|mEq|mIU|IU|U|[mµμnp]?g)\\/[mdµμ]?[lL]|[mµμn]?mol|mEq|IU|ppm|ppb|kB|MB|GB|TB',
].join('|');
const SPACE = '[ \\u00A0\\u202F]?';
const NUMBER = "\\d[\\d.,'\\u00A0\\u202F ]*(?:[eE][+-]?\\d+)?|[.,]\\d+";
const BEFORE = new RegExp(`^([-+−]?)(\\p{Sc}|${CURRENCIES})${SPACE}([-+−]?)(${NUMBER})$`, 'u');
const BEHIND = new RegExp(`^([-+−]?)(${NUMBER})${SPACE}(%|‰|\\p{Sc}|${CURRENCIES}|${UNITS})$`, 'u');
const MINUS = new RegExp(`^−(${NUMBER})$`, 'u');
/** No number with its unit is as long. */
const LONGEST = 40;
const DIGIT = /^[\d.,]$/;

/** Null for what is no number with a unit, a plain number too. */
export function withUnit(text: string): WithUnit | null {
  const { length } = text;
  if (length < 2 || length > LONGEST) return null;
  // Most texts are words, and most of the others plain numbers.
  const [first, last] = [text[0]!, text[length - 1]!];
  const signed = first === '-' || first === '+' || first === '−';
  if (!signed && !DIGIT.test(first) && !DIGIT.test(last)) return null;
  const plain = (sign: string, digits: string) => (sign === '−' ? '-' : sign) + digits.trim();
  const behind = BEHIND.exec(text);
  if (behind) return { number: plain(behind[1]!, behind[2]!), unit: behind[3]! };
  const before = BEFORE.exec(text);
  if (before && !(before[1] && before[3]))
    return { number: plain(before[1]! + before[3]!, before[4]!), unit: before[2]! };
  const minus = MINUS.exec(text);
  return minus && { number: plain('−', minus[1]!), unit: '' };
}

/** Other ways to write a unit; “$” and “¥” are of several countries. */
const ALIKE: Readonly<Record<string, string>> = {
  lbs: 'lb',
  hr: 'h',
  hrs: 'h',
  sec: 's',
  yr: 'year',
  yrs: 'year',
  years: 'year',
  months: 'month',
  weeks: 'week',
  days: 'day',
  '€': 'EUR',
  '£': 'GBP',
};

/** One text for all ways to write a unit: mL and ml, m/s² and m/s^2, “(kg)” above a column and kg in it. */
export function unitKey(unit: string): string {
  const plain = unit
    .normalize('NFKC')
    .trim()
    .replace(/^[([](.*)[)\]]$/, '$1')
    .replace(/[\s^]/g, '')
    .replace(/(^|[/mcdμ])L(?=$|\/)/g, '$1l');
  return ALIKE[plain] ?? plain;
}

export const isSameUnit = (one: string, other: string): boolean => unitKey(one) === unitKey(other);
