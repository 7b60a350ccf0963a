import { describe, expect, it } from 'vitest';
import { jigsaw, samplePuzzle, tileGrid } from '../../../../../src/learning/pretext/tasks/jigsaw.ts';
import { pretextOptions } from '../../../../../src/learning/pretext/registry.ts';
import { tf } from '../../../../../src/tensor/index.ts';
import { maxDifference, seed, signalsOf } from '../../helpers.ts';

type Options = Parameters<typeof samplePuzzle>[3];
const optionsFor = (modality: 'image' | 'signal', inputShape: number[], changes = {}) =>
  pretextOptions('jigsaw', changes, { modality, inputShape, sampleCount: 100 }) as Options;

describe('the puzzle', () => {
  const options = optionsFor('image', [28, 31, 1], { imageGrid: 3, permutations: 64 });
  const puzzle = samplePuzzle(seed(1), 2000, [28, 31], options, 'image');
  const starts = puzzle.starts.arraySync() as number[][][];
  const inOrder = puzzle.inOrder.arraySync() as number[][][];
  const chosen = Array.from(puzzle.chosen.dataSync());

  it('put back by its order is the picture again', () => {
    chosen.forEach((number, sample) => {
      const order = puzzle.orders[number]!;
      const back: number[][] = [];
      order.forEach((tile, place) => (back[tile] = starts[sample]![place]!));
      expect(back).toEqual(inOrder[sample]);
    });
  });

  it('has every tile within its own cell of the grid', () => {
    expect(puzzle.grid).toEqual({ counts: [3, 3], cell: [9, 10], tile: [8, 8] });
    for (const tiles of inOrder)
      tiles.forEach(([row, column], tile) => {
        const [cellRow, cellColumn] = [9 * Math.floor(tile / 3), 10 * (tile % 3)];
        // The grid itself may begin up to one pixel later, as sides do not divide evenly.
        expect(row! - cellRow).toBeGreaterThanOrEqual(0);
        expect(row! + 8).toBeLessThanOrEqual(cellRow + 9 + 1);
        expect(column! - cellColumn).toBeGreaterThanOrEqual(0);
        expect(column! + 8).toBeLessThanOrEqual(cellColumn + 10 + 1);
      });
  });

  it('takes all orders about equally often', () => {
    const expected = 2000 / 64;
    for (let number = 0; number < 64; number++) {
      const times = chosen.filter((value) => value === number).length;
      expect(Math.abs(times - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it('of a signal is cut along time', () => {
    const { signalSegments, tileShare } = optionsFor('signal', [128, 8]);
    expect(tileGrid([128], signalSegments, tileShare)).toEqual({ counts: [4], cell: [32], tile: [27] });
  });

  it('of a small image has fewer and larger tiles, in all their orders', () => {
    expect(optionsFor('image', [28, 64, 1])).toMatchObject({ imageGrid: 2, permutations: 24 });
    expect(optionsFor('image', [64, 64, 3])).toMatchObject({ imageGrid: 3, permutations: 64 });
  });

  it('that does not fit is an error that says what would', () => {
    expect(() => optionsFor('image', [8, 40, 3], { imageGrid: 3 })).toThrow(
      'A grid of 3 × 3 tiles needs images of at least 9 pixels a side. Found: 8 × 40.',
    );
    expect(() => optionsFor('signal', [20, 2], { signalSegments: 8 })).toThrow(
      '8 segments need windows of at least 24 points. Found: 20.',
    );
  });
});

describe('the preview', () => {
  it('shows segments in the order that its words say', () => {
    const samples = signalsOf(5, 64, 2);
    const request = {
      modality: 'signal' as const,
      options: optionsFor('signal', [64, 2], {
        signalViews: { cropProbability: 0, scaleProbability: 0, noiseProbability: 0 },
      }),
      channelStatistics: { mean: [2, 2], standardDeviation: [1, 1] },
      samples,
      seed: seed(8),
    };
    const { columns, pseudoLabels } = jigsaw.preview(request);
    const { length } = { length: columns[1]!.values.shape[1]! / 4 };
    const part = (column: number, sample: number, place: number) =>
      tf.slice(columns[column]!.values, [sample, place * length, 0], [1, length, 2]);
    pseudoLabels.forEach((label, sample) => {
      const order = label.split(': ')[1]!.split(' ').map(Number);
      order.forEach((segment, place) =>
        expect(maxDifference(part(1, sample, place), part(2, sample, segment - 1))).toBeLessThan(1e-4),
      );
    });
  });
});
