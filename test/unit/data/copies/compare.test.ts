import { describe, expect, it } from 'vitest';
import { createComparer } from '../../../../src/data/copies/compare.ts';
import type { SampleForm, Shift } from '../../../../src/data/copies/signature.ts';

const bytesOf = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer);
/** Correlation by its definition. */
function correlation(one: readonly number[], other: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(one), mean(other)];
  const sum = (of: (at: number) => number) => one.reduce((total, _, at) => total + of(at), 0);
  return (
    sum((at) => (one[at]! - a) * (other[at]! - b)) /
    Math.sqrt(sum((at) => (one[at]! - a) ** 2) * sum((at) => (other[at]! - b) ** 2))
  );
}

describe('windows', () => {
  const form: SampleForm = { modality: 'signal', shape: [50, 1], dtype: 'float32' };
  const wave = Array.from({ length: 50 }, (_, at) => Math.sin(at / 4));
  const likenessOf = (other: readonly number[], own: readonly number[] = wave) => {
    const { ask, take, likeness } = createComparer(form, form, []);
    ask(bytesOf(own));
    return likeness(take(bytesOf(other)));
  };

  it('are as like as their correlation says, whatever their mean and scale', () => {
    const noisy = wave.map((value, at) => value + 0.05 * Math.cos(7 * at));
    expect(likenessOf(noisy)).toBeCloseTo(correlation(wave, noisy), 6);
    expect(likenessOf(wave.map((value) => 3 * value + 100))).toBeCloseTo(1, 6);
  });

  it('are no copies below 0.99, turned over, or flat', () => {
    const noisier = wave.map((value, at) => value + 0.2 * Math.cos(7 * at));
    expect(correlation(wave, noisier)).toBeLessThan(0.99);
    expect(likenessOf(noisier)).toBeNull();
    expect(likenessOf(wave.map((value) => -value))).toBeNull();
    expect(likenessOf(wave.map(() => 5))).toBeNull();
    expect(
      likenessOf(
        wave,
        wave.map(() => 0),
      ),
    ).toBeNull();
  });

  it('weigh each channel about its own mean', () => {
    const two: SampleForm = { modality: 'signal', shape: [50, 2], dtype: 'float32' };
    const pair = (second: number) => bytesOf(wave.flatMap((value) => [value, second]));
    const { ask, take, likeness } = createComparer(two, two, []);
    ask(pair(0));
    expect(likeness(take(pair(1000)))).toBeCloseTo(1, 6);
  });
});

describe('pictures', () => {
  const SIDE = 40;
  const form = (side = SIDE, channels = 1): SampleForm => ({
    modality: 'image',
    shape: [side, side, channels],
    dtype: 'uint8',
  });
  const shifts: Shift[] = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right): Shift => [down, right]));
  /** Hills, so many pixels further down and right. */
  const hills = (down = 0, right = 0, side = SIDE, of = (value: number) => value) =>
    Uint8Array.from({ length: side * side }, (_, at) => {
      const scale = SIDE / side;
      const [y, x] = [(Math.floor(at / side) + 0.5) * scale - down, ((at % side) + 0.5) * scale - right];
      return of(Math.round(120 + 60 * Math.sin(y / 4) * Math.cos(x / 5) + 30 * Math.sin((x + y) / 3)));
    });
  const likenessOf = (
    asked: Uint8Array,
    known: Uint8Array,
    forms: [SampleForm, SampleForm] = [form(), form()],
  ) => {
    const { ask, take, likeness } = createComparer(...forms, shifts);
    ask(asked);
    return likeness(take(known));
  };

  it('are copies of themselves, brighter ones and stronger ones', () => {
    expect(likenessOf(hills(), hills())).toBeCloseTo(1, 9);
    expect(
      likenessOf(
        hills(),
        hills(0, 0, SIDE, (value) => value + 15),
      ),
    ).toBeCloseTo(1, 9);
    expect(
      likenessOf(
        hills(),
        hills(0, 0, SIDE, (value) => Math.round(value / 2)),
      ),
    ).toBeGreaterThan(0.999);
  });

  it('are found again where they moved by a pixel, and not by three', () => {
    expect(likenessOf(hills(), hills(1, -1))).toBeGreaterThan(0.999);
    expect(likenessOf(hills(-1, 0), hills())).toBeGreaterThan(0.999);
    expect(likenessOf(hills(), hills(3, 3))).toBeNull();
  });

  it('are found again in another size, and in color', () => {
    expect(likenessOf(hills(), hills(0, 0, 80), [form(), form(80)])).toBeGreaterThan(0.99);
    const color = Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, at) => hills()[Math.floor(at / 3)]!);
    expect(likenessOf(hills(), color, [form(), form(SIDE, 3)])).toBeCloseTo(1, 9);
  });

  it('that are alike as a whole are told apart by their slopes', () => {
    // A ramp from dark to bright is the same; the pattern upon it, whose slopes it hides, is turned over.
    const patterned = (sign: number) =>
      Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
        const [y, x] = [Math.floor(at / SIDE), at % SIDE];
        return Math.round(10 + 5.5 * y + sign * 5 * Math.sin((2 * Math.PI * x) / 8));
      });
    const [one, other] = [patterned(1), patterned(-1)];
    expect(correlation([...one], [...other])).toBeGreaterThan(0.99);
    expect(likenessOf(one, other)).toBeNull();
    expect(likenessOf(one, one)).toBeCloseTo(1, 9);
  });

  it('without anything in them are like nothing', () => {
    const flat = new Uint8Array(SIDE * SIDE).fill(90);
    expect(likenessOf(flat, flat)).toBeNull();
    expect(likenessOf(hills(), flat)).toBeNull();
  });

  it('may be taken in anew after a release', () => {
    const { ask, take, likeness, release } = createComparer(form(), form(), shifts);
    ask(hills());
    const first = take(hills());
    release();
    const again = take(hills(9, 9));
    expect(again).toBe(first);
    expect(likeness(again)).toBeNull();
    ask(hills(9, 9));
    expect(likeness(again)).toBeCloseTo(1, 9);
  });
});
