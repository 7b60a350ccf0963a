import { randomStream, type RandomStream } from '../../../src/learning/random.ts';

/** Four letters, 7 × 7; none looks the same turned by a quarter or half. */
const letters = [
  ['1111111', '1000000', '1000000', '1111000', '1000000', '1000000', '1000000'],
  ['1000000', '1000000', '1000000', '1000000', '1000000', '1000000', '1111111'],
  ['1111110', '1000001', '1000001', '1111110', '1000000', '1000000', '1000000'],
  ['0001000', '0010100', '0010100', '0100010', '0111110', '1000001', '1000001'],
];

export interface Synthetic<Values> {
  values: Values;
  classIds: Int32Array;
}

/** Letters at random places on a noisy, unevenly lit ground: uint8 [count, 16, 16, 1]. */
export function letterImages(count: number, seed: number): Synthetic<Uint8Array> {
  const stream = randomStream(seed, 'letters');
  const values = new Uint8Array(count * 256);
  const classIds = Int32Array.from({ length: count }, (_, i) => i % 4);
  classIds.forEach((id, i) => drawLetter(values.subarray(i * 256, (i + 1) * 256), letters[id]!, stream));
  return { values, classIds };
}

function drawLetter(image: Uint8Array, letter: string[], stream: RandomStream): void {
  const [top, left] = [2 + stream.integer(6), 2 + stream.integer(6)];
  const [ground, slope, ink] = [60 * stream.uniform(), 3 * stream.normal(), 80 + 60 * stream.uniform()];
  for (let y = 0; y < 16; y++)
    for (let x = 0; x < 16; x++) {
      const inked = letter[y - top]?.[x - left] === '1' ? ink : 0;
      const value = ground + 50 + slope * (x - 8) + inked + 8 * stream.normal();
      image[16 * y + x] = Math.max(0, Math.min(255, Math.round(value)));
    }
}

/** Four wave forms of random period, phase, amplitude and noise: float32 [count, 64, 2]. */
export function waveSignals(count: number, seed: number): Synthetic<Float32Array> {
  const stream = randomStream(seed, 'waves');
  const forms = [
    (phase: number) => Math.sin(2 * Math.PI * phase),
    (phase: number) => (phase < 0.5 ? 1 : -1),
    (phase: number) => 2 * phase - 1,
    (phase: number) => (phase < 0.15 ? 2 : -0.35),
  ];
  const values = new Float32Array(count * 128);
  const classIds = Int32Array.from({ length: count }, (_, i) => i % 4);
  classIds.forEach((id, i) => {
    const [period, shift] = [10 + 8 * stream.uniform(), stream.uniform()];
    for (let channel = 0; channel < 2; channel++) {
      const amplitude = Math.exp(0.4 * stream.normal());
      for (let time = 0; time < 64; time++) {
        const phase = (time / period + shift + 0.25 * channel) % 1;
        values[i * 128 + time * 2 + channel] = amplitude * forms[id]!(phase) + 0.4 * stream.normal();
      }
    }
  });
  return { values, classIds };
}

/** Stripes in four directions, of random width, place and strength under noise: uint8 [count, 16, 16, 1]. */
export function stripeImages(count: number, seed: number): Synthetic<Uint8Array> {
  const stream = randomStream(seed, 'stripes');
  const values = new Uint8Array(count * 256);
  const classIds = Int32Array.from({ length: count }, (_, i) => i % 4);
  classIds.forEach((id, i) => {
    const angle = (id * Math.PI) / 4;
    const [period, shift] = [4 + 3 * stream.uniform(), 2 * Math.PI * stream.uniform()];
    const contrast = 25 + 40 * stream.uniform();
    for (let at = 0; at < 256; at++) {
      const along = (at % 16) * Math.cos(angle) + Math.floor(at / 16) * Math.sin(angle);
      const wave = contrast * Math.sin((2 * Math.PI * along) / period + shift);
      values[256 * i + at] = Math.max(0, Math.min(255, Math.round(128 + wave + 30 * stream.normal())));
    }
  });
  return { values, classIds };
}

/** The same stripes in colour, each direction in its own, and a little noise: uint8 [count, 16, 16, 3]. */
export function colorStripeImages(count: number, seed: number): Synthetic<Uint8Array> {
  const { values: grey, classIds } = stripeImages(count, seed);
  const stream = randomStream(seed, 'colors of stripes');
  const tints = [
    [30, -30, -30],
    [-30, 30, -30],
    [-30, -30, 30],
    [30, 10, -40],
  ];
  const values = new Uint8Array(grey.length * 3);
  grey.forEach((value, at) => {
    const tint = tints[classIds[Math.floor(at / 256)]!]!;
    for (let channel = 0; channel < 3; channel++) {
      const colored = value + tint[channel]! + 5 * stream.normal();
      values[3 * at + channel] = Math.max(0, Math.min(255, Math.round(colored)));
    }
  });
  return { values, classIds };
}

/** The same waves, growing from the first point to the last: float32 [count, 64, 2]. */
export function growingSignals(count: number, seed: number): Synthetic<Float32Array> {
  const { values, classIds } = waveSignals(count, seed);
  return { values: values.map((value, at) => value * (0.2 + (at % 128) / 80)), classIds };
}
