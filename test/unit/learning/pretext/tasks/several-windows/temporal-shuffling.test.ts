import { expect, it } from 'vitest';
import { temporalShuffling } from '../../../../../../src/learning/pretext/tasks/several-windows/temporal-shuffling.ts';
import { randomStream } from '../../../../../../src/learning/random.ts';
import { dot, mean, numberOf, rowsApart, softplus, taskOn } from './setting.ts';

it('temporal shuffling has the logistic loss of both distances, side by side', () => {
  const { output, value, windows, featuresOf } = taskOn('temporal-shuffling', { compared: 0 });
  const [own, end, inside, outside] = rowsApart(featuresOf(windows));
  const weights = [...value('head/kernel').dataSync()];
  const apart = (a: number[], b: number[]) => a.map((x, i) => Math.abs(x - b[i]!));
  const logit = (row: number, middle: number[][]) =>
    dot([...apart(own![row]!, middle[row]!), ...apart(middle[row]!, end![row]!)], weights);
  const each = [0, 1, 2, 3, 4].flatMap((row) => [
    softplus(-logit(row, inside!)),
    softplus(logit(row, outside!)),
  ]);
  expect(numberOf(output.loss)).toBeCloseTo(mean(each), 4);
});

it('draws one window between the outer two and one far from both', () => {
  const { draw } = temporalShuffling.companions!(temporalShuffling.options.parse({ near: 4, far: 6 }));
  const times = Array.from({ length: 40 }, (_, i) => i / 2);
  const stream = randomStream(1, 'shuffling');
  for (let i = 0; i < 200; i++) {
    const own = stream.integer(40);
    const [end, inside, outside] = draw({ times, own, elsewhere: 0 }, stream).map((place) => times[place!]!);
    const [first, last] = [Math.min(times[own]!, end!), Math.max(times[own]!, end!)];
    expect(last - first).toBeLessThanOrEqual(4);
    expect(inside).toBeGreaterThanOrEqual(first + 1);
    expect(inside).toBeLessThanOrEqual(last - 1);
    expect(outside! <= first - 6 || outside! >= last + 6).toBe(true);
  }
});
