import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../../src/contract/entities.ts';
import {
  healthRecordSchema,
  healthyRecord,
  judgeHealth,
  recordStep,
  type HealthRecord,
} from '../../../../../src/learning/evaluation/health/health.ts';

/** What a look finds: share of an even spread's deviation, rank, mean loss of the epoch before it. */
interface Seen {
  spread: number;
  rank: number;
  loss: number;
  /** Deviation and rank of what the task compares. */
  outputs?: [number, number];
  /** By how many classes answers tell samples apart. */
  classes?: number;
}
const IDEAL = 0.125;

function judgeAll(looks: readonly Seen[]) {
  let record: HealthRecord = healthyRecord();
  const told: Finding[] = [];
  let hopelessAt: number | null = null;
  looks.forEach(({ spread, rank, loss, outputs, classes }, i) => {
    for (let k = 0; k < (i === 0 ? 1 : 20); k++)
      record = recordStep(record, {
        loss,
        ...(outputs && { outputDeviation: outputs[0], outputRank: outputs[1] }),
        ...(classes !== undefined && { outputClasses: classes }),
      });
    const verdict = judgeHealth(record, {
      step: i === 0 ? 1 : 20 * i,
      epoch: i,
      first: i === 0,
      idealDeviation: IDEAL,
      embeddingDeviation: spread * IDEAL,
      effectiveRank: rank,
    });
    // It is kept in a checkpoint between any two looks.
    record = healthRecordSchema.parse(JSON.parse(JSON.stringify(verdict.record)));
    told.push(...verdict.news);
    if (verdict.hopeless) hopelessAt ??= i;
  });
  return { told, hopelessAt };
}

const healthy: Seen[] = [
  { spread: 0.17, rank: 12.4, loss: 4.95 },
  { spread: 0.41, rank: 25.8, loss: 4.55 },
  { spread: 0.49, rank: 23.9, loss: 4.11 },
];

describe('a collapse', () => {
  it('of all features to one is named at the first look that shows it, and hopeless at the next', () => {
    const gone = { spread: 0.001, rank: 1.01, loss: 0 };
    const { told, hopelessAt } = judgeAll([...healthy, gone, gone, gone]);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ kind: 'complete-collapse', step: 60, epoch: 3, overAtStep: null });
    expect(told[0]!.message).toContain('0.00013');
    expect(told[0]!.message).toContain('0.061 at best');
    expect(told[0]!.advice).toContain('learning rate');
    expect(hopelessAt).toBe(4);
  });

  const compared = (loss: number, deviation: number, rank: number): Seen => ({
    spread: 0.3,
    rank: 20,
    loss,
    outputs: [deviation, rank],
  });

  it('of what the task compares is named even while the features differ', () => {
    // VICReg without its variance term and with it, on chest X-rays.
    const { told } = judgeAll([compared(29, 0.59, 8), compared(3, 0.144, 3.1), compared(0.2, 0.071, 2.3)]);
    expect(told.map(({ kind, epoch }) => [kind, epoch])).toEqual([['complete-collapse', 1]]);
    expect(told[0]!.message).toContain('they spread 14 % as far as they should');
    expect(
      judgeAll([compared(39, 0.59, 8), compared(22, 0.305, 4.3), compared(20, 0.306, 3.5)]).told,
    ).toEqual([]);
  });

  it('of what the task compares to one line is named, as SimSiam without stop-gradient shows it', () => {
    // Measured on stripes; and the same with stop-gradient, which is healthy.
    const found = judgeAll([
      compared(0, 0.99, 36.5),
      compared(-0.07, 0.97, 12.6),
      compared(-0.45, 0.74, 0.72),
      compared(-0.74, 0.62, 0.47),
    ]);
    expect(found.told.map(({ kind, epoch }) => [kind, epoch])).toEqual([['dimensional-collapse', 2]]);
    expect(found.told[0]!.message).toContain('0.72 directions, down from 37');
    const healthy = [
      compared(0, 0.99, 36.5),
      compared(-0.03, 0.99, 33),
      compared(-0.25, 0.96, 9.4),
      compared(-0.7, 0.95, 2.6),
    ];
    expect(judgeAll(healthy).told).toEqual([]);
  });

  it('of the answers over prototypes is named, be it one class for all or all classes alike', () => {
    const answering = (classes: number): Seen => ({ spread: 0.4, rank: 24, loss: 4, classes });
    // Measured on stripes: DINO without centring and batch norm, SwAV with flat codes, and both as they should be.
    for (const [curve, epoch] of [
      [[1.89, 1.0001, 1, 1], 1],
      [[1.12, 1.0103, 1.0032, 1.0022], 2],
    ] as const) {
      const { told } = judgeAll(curve.map(answering));
      expect(told.map((finding) => [finding.kind, finding.epoch])).toEqual([['complete-collapse', epoch]]);
      expect(told[0]!.message).toContain('the same answer');
    }
    for (const curve of [
      [1.89, 1.35, 1.07, 1.035, 1.03],
      [1.12, 1.04, 1.15, 1.38],
    ])
      expect(judgeAll(curve.map(answering)).told).toEqual([]);
  });

  it('to one direction is named by the rank, and hopeless only when it stays', () => {
    const flat = { spread: 0.3, rank: 1.2, loss: 4 };
    const { told, hopelessAt } = judgeAll([...healthy, flat, flat, flat]);
    expect(told.map(({ kind, epoch }) => [kind, epoch])).toEqual([['dimensional-collapse', 3]]);
    expect(told[0]!.message).toContain('1.2, down from 26');
    expect(hopelessAt).toBe(5);
  });

  it('that passes is told to be over, and may come again', () => {
    const gone = { spread: 0.001, rank: 1.01, loss: 0 };
    const well = healthy[2]!;
    const { told, hopelessAt } = judgeAll([...healthy, gone, well, gone]);
    expect(told.map(({ step, overAtStep }) => [step, overAtStep])).toEqual([
      [60, null],
      [60, 80],
      [100, null],
    ]);
    expect(hopelessAt).toBeNull();
  });
});

describe('a divergence', () => {
  const look = (loss: number): Seen => ({ spread: 0.4, rank: 20, loss });
  const kinds = (...losses: number[]) =>
    judgeAll(losses.map(look)).told.map(({ kind, epoch }) => [kind, epoch]);

  it('is a loss that climbs above where it began, after it had fallen', () => {
    expect(kinds(3, 2.5, 1, 1.2, 2.8)).toEqual([['divergence', 4]]);
    expect(judgeAll([3, 2.5, 1, 2.8].map(look)).told[0]!.message).toContain('2.8 on average in epoch 3');
  });

  it('is a loss many times that of the first epoch', () => {
    expect(kinds(2, 2, 30)).toEqual([['divergence', 2]]);
  });

  it('is none where a target network moves on and the loss rises a little again', () => {
    // BYOL's falls to almost nothing at first, when the target hardly differs from the trained network.
    expect(kinds(2, 0.8, 0.15, 0.3, 0.42, 0.4)).toEqual([]);
    expect(kinds(0, -0.3, -0.9, -0.8, -0.75)).toEqual([]);
  });

  it('is none where a queue of random negatives fills with real ones', () => {
    expect(kinds(1.1, 2.5, 6.2, 7.1, 6.8, 6.5)).toEqual([]);
  });

  it('is said of features that are no numbers', () => {
    const { news } = judgeHealth(recordStep(healthyRecord(), { loss: 1 }), {
      step: 20,
      epoch: 1,
      first: false,
      idealDeviation: IDEAL,
      embeddingDeviation: undefined,
      effectiveRank: undefined,
    });
    expect(news.map(({ kind }) => kind)).toEqual(['divergence']);
  });
});

describe('no alarm', () => {
  it('is given for the curves of healthy tasks', () => {
    expect(judgeAll(healthy).told).toEqual([]);
  });

  it('is given for a narrow cone of features, as an untrained encoder has it', () => {
    const narrow = { spread: 0.008, rank: 1.3, loss: 2 };
    expect(judgeAll([narrow, narrow, { ...narrow, spread: 0.005 }]).told).toEqual([]);
  });

  it('is given for queries in a narrow cone, which a queue of others holds apart', () => {
    // MoCo v2 on stripes, whose head has no batch norm; its kNN probe ends at 0.97.
    const queries: [number, number][] = [
      [0.54, 5.5],
      [0.33, 1.8],
      [0.33, 0.62],
      [0.47, 0.64],
      [0.65, 0.89],
    ];
    const looks = queries.map((outputs) => ({ spread: 0.5, rank: 34, loss: 5, outputs }));
    expect(judgeAll(looks).told).toEqual([]);
  });

  it('is given for four classes of turns on four directions', () => {
    const turns = [12, 25, 9, 4.1, 3.8].map((rank) => ({ spread: 0.6, rank, loss: 1 }));
    expect(judgeAll(turns).told).toEqual([]);
  });
});
