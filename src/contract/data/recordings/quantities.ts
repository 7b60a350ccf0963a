/** What a unit measures, and which quantities channels of a kind of signals are never given in. */
import type { SignalKind } from './signal-kinds.ts';

/** Ways in which units are written; milligal, kilonewton and the like with them. */
const QUANTITIES = {
  voltage: /^[mµμun]?v(olts?)?$/i,
  current: /^[mµμun]?a(mp(ere)?s?)?$/i,
  acceleration: /^(m?g|g's|m ?[/·] ?s ?(\^ ?2|²|2|\/ ?s)|m ?[·.]? ?s ?(\^-2|⁻²|-2))$/i,
  turning: /^(°|deg|degrees?|m?rad|radians?) ?([/·] ?s(ec)?|s ?(\^-1|⁻¹|-1))$|^dps$/i,
  angle: /^(°|deg|degrees?|m?rad|radians?)$/i,
  force: /^([mk]?n(ewtons?)?|[mk]?n ?[·*.-]? ?[cm]?m|lbs?f?|kgf?)$/i,
  sound: /^[µμum]?pa$/i,
  pressure: /^([hk]pa|m?bar|mm ?hg|cm ?h2o|psi)$/i,
  speed: /^[cmµμuk]?m ?(\/ ?(s|h)|s ?(\^-1|⁻¹|-1))$/i,
  length: /^([cmµμuk]?m|inch(es)?)$/i,
  temperature: /^(°|deg(rees?)? ?)?(c|f|celsius|fahrenheit)$/i,
} satisfies Record<string, RegExp>;
export type Quantity = keyof typeof QUANTITIES;

/** Null for what is no unit of these: counts, per cent, a name of a device's own. */
export function quantityOf(unit: string | null | undefined): Quantity | null {
  const written = unit?.trim();
  if (!written) return null;
  return (Object.keys(QUANTITIES) as Quantity[]).find((name) => QUANTITIES[name].test(written)) ?? null;
}

/** Electrodes give volts; light through the skin gives a current, and the pulse of an artery a pressure. */
const MEASURED_IN: Record<Exclude<SignalKind, 'unknown'>, readonly Quantity[]> = {
  eeg: ['voltage'],
  ecg: ['voltage', 'current', 'pressure', 'sound'],
  emg: ['voltage'],
  movement: ['acceleration', 'turning', 'angle', 'speed', 'voltage'],
  vibration: ['acceleration', 'speed', 'length', 'sound', 'pressure', 'voltage'],
};

/** Whether a channel in that unit is none of that kind, whatever it is called. */
export function isAgainst(kind: Exclude<SignalKind, 'unknown'>, unit: string | null | undefined): boolean {
  const quantity = quantityOf(unit);
  return quantity !== null && !MEASURED_IN[kind].includes(quantity);
}
