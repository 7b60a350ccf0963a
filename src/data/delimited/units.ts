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
const UNITS =
  'kg|g|mg|µg|t|lbs?|oz|km|m|cm|mm|µm|nm|mi|ft|km\\/h|m\\/s|mph|h|hrs?|min|s|sec|ms|°C|°F|°|l|ml|µl|dl|mmHg|hPa|kPa|Pa|mbar|bar|bpm|Hz|kHz|MHz|GHz|dB|mV|mA|kW|kWh|Wh|kJ|kcal|cal|mmol\\/l|mg\\/dl|g\\/dl|g\\/l|IU|kB|MB|GB|TB|ppm|years?|yrs?|months?|weeks?|days?|m²|m³|km²|ha|px|pcs';
const SPACE = '[ \\u00A0\\u202F]?';
const NUMBER = "\\d[\\d.,'\\u00A0\\u202F ]*(?:e[+-]?\\d+)?|[.,]\\d+";
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
