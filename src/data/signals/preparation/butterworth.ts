/**
 * Butterworth filters and a notch as sections of second order, designed as SciPy's `butter` and `iirnotch` are: the
 * analog prototype, its frequencies bent for the bilinear transform, poles paired with their conjugates.
 */

/** b0, b1, b2, a1, a2; a0 is 1. */
export type Section = readonly [number, number, number, number, number];

interface Complex {
  re: number;
  im: number;
}

const times = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});
const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
const scaled = (a: Complex, factor: number): Complex => ({ re: a.re * factor, im: a.im * factor });
const inverse = (a: Complex): Complex => scaled({ re: a.re, im: -a.im }, 1 / (a.re ** 2 + a.im ** 2));
const root = (a: Complex): Complex => {
  const size = Math.hypot(a.re, a.im);
  const re = Math.sqrt((size + a.re) / 2);
  const im = Math.sqrt((size - a.re) / 2);
  return { re, im: a.im < 0 ? -im : im };
};

/** The bilinear transform runs at two samples a unit of time, as SciPy's does. */
const DOUBLE_RATE = 4;
const bent = (frequency: number, rate: number): number =>
  DOUBLE_RATE * Math.tan((Math.PI * frequency) / rate);
const toDigital = (pole: Complex): Complex =>
  times({ re: DOUBLE_RATE + pole.re, im: pole.im }, inverse({ re: DOUBLE_RATE - pole.re, im: -pole.im }));

/** Poles of the prototype in the upper half, the real one of odd orders last. */
function prototype(order: number): Complex[] {
  const poles: Complex[] = [];
  for (let m = order - 1; m >= 0; m -= 2) {
    const angle = (Math.PI * m) / (2 * order);
    poles.push({ re: -Math.cos(angle), im: m === 0 ? 0 : Math.sin(angle) });
  }
  return poles;
}

const isReal = ({ im }: Complex): boolean => im === 0;

/** A section of a pole and its conjugate, scaled to 1 where `z` is what passes. */
function pairSection(pole: Complex, zeros: 1 | -1): Section {
  const [a1, a2] = [-2 * pole.re, pole.re ** 2 + pole.im ** 2];
  // Zeros at −1 pass the lowest frequency, zeros at 1 the highest.
  const gain = zeros === -1 ? (1 + a1 + a2) / 4 : (1 - a1 + a2) / 4;
  return [gain, -2 * zeros * gain, gain, a1, a2];
}

function singleSection(pole: Complex, zeros: 1 | -1): Section {
  const a1 = -pole.re;
  const gain = zeros === -1 ? (1 + a1) / 2 : (1 - a1) / 2;
  return [gain, -zeros * gain, 0, a1, 0];
}

function oneSided(order: number, frequency: number, rate: number, zeros: 1 | -1): Section[] {
  const edge = bent(frequency, rate);
  return prototype(order).map((pole) => {
    const moved = zeros === -1 ? scaled(pole, edge) : scaled(inverse(pole), edge);
    const digital = toDigital(moved);
    return isReal(pole) ? singleSection(digital, zeros) : pairSection(digital, zeros);
  });
}

/** Passes what is below. Frequencies in Hz, below half of the rate. */
export const lowPass = (order: number, frequency: number, rate: number): Section[] =>
  oneSided(order, frequency, rate, -1);

/** Passes what is above. */
export const highPass = (order: number, frequency: number, rate: number): Section[] =>
  oneSided(order, frequency, rate, 1);

/** Passes what is between; of twice the order, as SciPy counts it. */
export function bandPass(order: number, low: number, high: number, rate: number): Section[] {
  const [first, last] = [bent(low, rate), bent(high, rate)];
  const [width, middle] = [last - first, first * last];
  const pairs = prototype(order).flatMap((pole): [Complex, Complex][] => {
    const half = scaled(pole, width / 2);
    const distance = root(plus(times(half, half), { re: -middle, im: 0 }));
    const poles = [plus(half, distance), plus(half, scaled(distance, -1))].map(toDigital) as [
      Complex,
      Complex,
    ];
    const conjugate = ({ re, im }: Complex): Complex => ({ re, im: -im });
    if (isReal(pole)) return [poles];
    return poles.map((one): [Complex, Complex] => [one, conjugate(one)]);
  });
  // 1 in the middle of the band, where the prototype has its lowest frequency.
  const angle = 2 * Math.atan(Math.sqrt(middle) / DOUBLE_RATE);
  return pairs.map(([one, other]): Section => {
    const [a1, a2] = [-(one.re + other.re), times(one, other).re];
    const gain = 1 / sizeAt([1, 0, -1, a1, a2], angle);
    return [gain, 0, -gain, a1, a2];
  });
}

function sizeAt([b0, b1, b2, a1, a2]: Section, angle: number): number {
  const at = (c0: number, c1: number, c2: number) =>
    Math.hypot(
      c0 + c1 * Math.cos(angle) + c2 * Math.cos(2 * angle),
      c1 * Math.sin(angle) + c2 * Math.sin(2 * angle),
    );
  return at(b0, b1, b2) / at(1, a1, a2);
}

/** Takes one frequency out; `quality` is the frequency by the width of the notch at half of its power. */
export function notch(frequency: number, quality: number, rate: number): Section[] {
  const angle = (2 * Math.PI * frequency) / rate;
  const gain = 1 / (1 + Math.tan(angle / quality / 2));
  const cosine = Math.cos(angle);
  return [[gain, -2 * gain * cosine, gain, -2 * gain * cosine, 2 * gain - 1]];
}
