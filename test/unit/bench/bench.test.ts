import { describe, expect, it } from 'vitest';
import { rateRow, timeRow } from '../../bench/benches/context.ts';
import { bestPeer } from '../../bench/benches/loader-workers.ts';
import { lossDifference, methodRow } from '../../bench/benches/methods.ts';
import { likenessRows } from '../../bench/benches/likeness.ts';
import { caseOf, signalSettings } from '../../bench/benches/signals.ts';
import { watchOver } from '../../bench/cases/method-health.ts';
import { holdOutTestImages } from '../../bench/benches/task-samples.ts';
import { candidates, viewMixes } from '../../bench/benches/signal-defaults.ts';
import { RHYTHMS, rhythmRecording } from '../../bench/benches/signal-samples.ts';
import { taskRow, tasksFor } from '../../bench/benches/tasks.ts';
import { pictureFiles, thingOf } from '../../bench/peers/pictures.ts';
import { recordingsName } from '../../bench/peers/setup.ts';
import { SPLIT_CODE } from '../../../src/contract/data/splits/split.ts';
import { join } from 'node:path';
import { benchDocumentSchema, type BenchDocument } from '../../bench/document.ts';
import { duel } from '../../bench/duel.ts';
import { compare, median, quantile, stepsFor } from '../../bench/statistics.ts';
import { benchTable } from '../../bench/table.ts';
import type { Worker } from '../../bench/worker.ts';

describe('statistics of the bench', () => {
  it('interpolates quantiles as numpy.quantile does', () => {
    // numpy.quantile([4, 1, 3, 2], [0, 0.25, 0.5, 0.75, 1])
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile([4, 1, 3, 2], share))).toEqual([
      1, 1.75, 2.5, 3.25, 4,
    ]);
    expect(median([5, 1, 9])).toBe(5);
    expect(() => median([])).toThrow(/no values/);
  });

  it('takes ratios round by round, above 1 where ours is better', () => {
    // The machine became three times slower in the last round, for both.
    expect(compare([10, 10, 30], [20, 20, 60], 'smaller')).toEqual({
      ours: 10,
      peer: 20,
      ratio: 2,
      spread: 0,
    });
    expect(compare([300], [100], 'larger')).toMatchObject({ ratio: 3 });
    expect(compare([1, 1, 1, 1, 1], [1, 2, 3, 4, 5], 'smaller')).toMatchObject({ ratio: 3, spread: 2 });
    expect(() => compare([1, 2], [1], 'smaller')).toThrow(/2 of ours, 1 of the peer/);
  });

  it('makes rounds of about the wanted length, never of too few steps', () => {
    expect(stepsFor(1500, 100)).toBe(15);
    expect(stepsFor(1500, 4000)).toBe(2);
    expect(stepsFor(1500, 0)).toBeGreaterThan(1000);
  });
});

describe('duel', () => {
  const scripted = (name: string, log: string[], parameters = 7): Worker => ({
    started: { parameters },
    run: async (count) => {
      log.push(name);
      return count * (name === 'ours' ? 100 : 250);
    },
    peakMiB: async () => 1,
    end: async () => {},
  });

  it('measures both in turn and changes who begins', async () => {
    const log: string[] = [];
    const times = await duel(scripted('ours', log), scripted('peer', log), { rounds: 3, roundMs: 1000 });
    expect(times).toEqual({ ours: [100, 100, 100], peer: [250, 250, 250] });
    // Two warm runs each, then the rounds.
    expect(log.slice(4)).toEqual(['ours', 'peer', 'peer', 'ours', 'ours', 'peer']);
  });

  it('refuses to compare networks of different sizes', async () => {
    const log: string[] = [];
    await expect(
      duel(scripted('ours', log, 8), scripted('peer', log), { rounds: 1, roundMs: 1 }),
    ).rejects.toThrow('8 trainable numbers of ours, 7 of the peer');
    expect(log).toEqual([]);
  });
});

describe('a peer with loader workers', () => {
  it('is measured with as many as suit it best; the others are ended', async () => {
    const ended: number[] = [];
    const said: string[] = [];
    const start = async (script: string, options: object): Promise<Worker> => {
      const { workers } = options as { workers: number };
      expect([script, options]).toEqual(['signals.py', { batch: 128, workers }]);
      return {
        started: { parameters: 10 + workers },
        run: async (count) => count * [30, 20, 25][workers]!,
        peakMiB: async () => 1,
        end: async () => void ended.push(workers),
      };
    };
    const context = { python: 'python', folder: '', rounds: 1, roundMs: 1, share: 1, only: null, data: [] };
    const say = (line: string) => void said.push(line);
    const of = { script: 'signals.py', name: 'selfEEG' };
    const best = await bestPeer({ ...context, say }, of, { batch: 128 }, 10, start);
    expect(best.peerName).toBe('selfEEG, one loader worker');
    expect(best.peer.started.parameters).toBe(11);
    expect(ended.sort()).toEqual([0, 2]);
    expect(said).toHaveLength(3);
  });

  it('of signals is measured with its views both ways, each case by a name of its own', () => {
    const names = signalSettings.map(caseOf);
    expect(new Set(names).size).toBe(names.length);
    expect(names[0]).toBe('8 channels of 128 points, width 32, batch 128, selfEEG’s views one a window');
    const shapes = signalSettings.map(({ alike, ...shape }) => ({ alike, shape: JSON.stringify(shape) }));
    for (const { shape } of shapes.filter(({ alike }) => !alike))
      expect(shapes).toContainEqual({ alike: true, shape });
  });
});

describe('what is laid beside a library', () => {
  const found = { case: 'scaling', peerName: 'selfEEG', difference: 2e-6, most: 1e-4 };

  it('is a row with the largest difference, and is refused beyond what is allowed', () => {
    expect(likenessRows('views', [found])).toEqual([
      {
        bench: 'views',
        case: 'scaling',
        unit: 'largest difference',
        ours: 2e-6,
        peer: null,
        peerName: 'selfEEG',
        ratio: null,
        spread: null,
      },
    ]);
    for (const difference of [2e-4, Number.NaN])
      expect(() => likenessRows('views', [{ ...found, difference }])).toThrow(/scaling differs from selfEEG/);
  });
});

describe('document of the bench', () => {
  const rows = [
    timeRow({ bench: 'step', case: 'width 16, batch 128', peerName: 'PyTorch' }, { ours: [90], peer: [120] }),
    rateRow(
      { bench: 'import', case: 'files', unit: 'images/s', peerName: 'torchvision' },
      { ours: [500], peer: [1000] },
      100,
    ),
    timeRow({ bench: 'signals', case: 'windows', peerName: 'selfEEG' }, { ours: [100], peer: [150] }),
  ];
  const document: BenchDocument = {
    machine: {
      device: 'cpu',
      processor: 'a processor',
      cores: 2,
      memoryGiB: 23.4,
      platform: 'linux-x64',
      loadBefore: 0.1,
    },
    versions: { node: '24.0.0', torch: '2.15.0' },
    rows,
  };

  it('holds rows with times and rates, both above 1 where ours is better', () => {
    expect(benchDocumentSchema.parse(structuredClone(document))).toEqual(document);
    expect(rows[0]).toMatchObject({ unit: 'ms per step', ours: 90, peer: 120, ratio: 120 / 90 });
    expect(rows[1]).toMatchObject({ ours: 200, peer: 100, ratio: 2 });
    expect(rows[2]).toMatchObject({ bench: 'signals', ratio: 1.5 });
    expect(() =>
      benchDocumentSchema.parse({ ...document, rows: [{ ...rows[0], bench: 'other' }] }),
    ).toThrow();
  });

  it('is printed as a table that names machine, versions and ratios', () => {
    const table = benchTable(document);
    expect(table).toContain('a processor, 2 cores, 23.4 GiB, linux-x64; load before: 0.1');
    expect(table).toContain('node 24.0.0, torch 2.15.0');
    expect(table).toMatch(/step +width 16, batch 128 +ms per step +90\.0 +120 +1\.33 × +0\.00 +PyTorch/);
  });
});

describe('the health watch of the bench of methods', () => {
  /** Ten steps an epoch; what each look finds. */
  const watched = async (looks: { embeddingDeviation: number; effectiveRank: number }[]) => {
    const seen: number[] = [];
    let now = 0;
    const look = async () => {
      seen.push(now);
      return looks[seen.length - 1]!;
    };
    const watch = watchOver({ look }, { stepsPerEpoch: 10, features: 64 });
    for (now = 1; now <= 10 * (looks.length - 1); now++) await watch.step(now, { loss: 1 / now });
    return { seen, findings: watch.findings() };
  };
  const well = { embeddingDeviation: 0.12, effectiveRank: 30 };
  const flat = { embeddingDeviation: 1e-6, effectiveRank: 1 };

  it('looks after the first step and every epoch, and finds nothing in a healthy run', async () => {
    expect(await watched([well, well, well])).toEqual({ seen: [1, 10, 20], findings: [] });
  });

  it('tells a collapse once, also where it passes', async () => {
    const { findings } = await watched([well, well, flat, flat, well]);
    expect(findings.length).toBeGreaterThan(0);
    expect(new Set(findings).size).toBe(findings.length);
    for (const finding of findings) expect(finding).toMatch(/collapse in epoch 2$/);
  });
});

describe('rows of accuracies', () => {
  it('take the mean over the seeds of both sides and keep the seeds', () => {
    const seeds = [
      { ours: 0.8, peer: 0.79, lossDifference: 1e-5 },
      { ours: 0.82, peer: 0.79, lossDifference: 2e-5 },
    ];
    const findings = [[], ['collapse in epoch 2']];
    const row = methodRow(
      'simclr',
      seeds.map((score, index) => ({ ...score, findings: findings[index]! })),
    );
    expect(row.ours).toBeCloseTo(0.81, 12);
    expect(row.peer).toBeCloseTo(0.79, 12);
    expect(row.ratio).toBeCloseTo(0.81 / 0.79, 12);
    // The differences are 0.01 and 0.03.
    expect(row.spread).toBeCloseTo(0.02, 12);
    expect(row.seeds).toEqual(seeds);
    expect(row.findings).toEqual(['collapse in epoch 2']);
  });

  it('tell how far the losses of the first steps lie apart, large ones as a share', () => {
    expect(lossDifference([0.1, 200, 7, 7, 7, 99], [0.1, 220, 7, 7, 7, 0])).toBeCloseTo(20 / 220, 12);
    expect(lossDifference([0.1, 0.2], [0.1, -0.1])).toBeCloseTo(0.3, 12);
  });

  it('compare a task with random weights', () => {
    const score = (few: number, all: number, findings: string[] = []) => ({
      few: { validation: few + 0.05, test: few },
      all: { validation: 0.9, test: all },
      epochs: 10,
      seconds: 60,
      findings,
    });
    const after = [score(0.8, 0.95), score(0.9, 0.97, ['divergence in epoch 3'])];
    const before = [score(0.7, 0.94), score(0.74, 0.95), score(0.81, 0.9)];
    expect(taskRow('rotation, x-rays', 'all', after, before).ours).toBeCloseTo(0.96, 12);
    const row = taskRow('rotation, x-rays', 'few', after, before);
    expect(row.ours).toBeCloseTo(0.85, 12);
    expect(row.peer).toBeCloseTo(0.75, 12);
    expect(row.ratio).toBeCloseTo(0.85 / 0.75, 12);
    expect(row.spread).toBeCloseTo(0.1, 12);
    expect(row.peerSpread).toBeCloseTo(0.11, 12);
    expect(row.validation!.ours).toBeCloseTo(0.9, 12);
    expect(row.validation!.peer).toBeCloseTo(0.8, 12);
    expect(row.findings).toEqual(['divergence in epoch 3']);
  });
});

describe('the data of the bench of tasks', () => {
  it('take 1,000 official test images as validation data, 4,000 as test data, and train on all others', () => {
    const { train, validation, test } = SPLIT_CODE;
    const imported = Uint8Array.from({ length: 5100 }, (_, index) =>
      index < 5090 ? test : index % 2 ? train : validation,
    );
    const { places, codes } = holdOutTestImages(imported);
    const placesOf = (code: number) => places.filter((_, order) => codes[order] === code);
    expect(placesOf(train)).toEqual(Array.from({ length: 10 }, (_, index) => 5090 + index));
    expect(placesOf(validation)).toEqual([...Array.from({ length: 1000 }).keys()]);
    expect(placesOf(test)).toEqual(Array.from({ length: 4000 }, (_, index) => 1000 + index));
  });

  it('leave to coloured pictures only the tasks that grey images cannot do', () => {
    const ids = (channels: number, onlyColor: boolean) =>
      tasksFor({ modality: 'image', shape: [32, 32, channels], knows: [] }, onlyColor).map(({ id }) => id);
    const [grey, color] = [ids(1, false), ids(3, true)];
    expect(color.sort()).toEqual(['colorization', 'split-brain']);
    expect([...grey, ...color].sort()).toEqual(ids(3, false).sort());
  });

  it('keep pictures of the same thing together, whoever does it and in whatever colour of skin', () => {
    const person = { category: 'People & Body', has_img_twitter: true, has_img_google: false };
    const runners = ['1F3C3', '1F3C3-200D-2640-FE0F', '1F3C3-200D-27A1-FE0F'].map((unified) => ({
      ...person,
      unified,
      image: `${unified.toLowerCase()}.png`,
    }));
    expect(runners.map(thingOf)).toEqual(['1F3C3', '1F3C3', '1F3C3']);
    expect(thingOf({ unified: '1F469-200D-1F33E' })).toBe(thingOf({ unified: '1F468-200D-1F33E' }));
    expect(thingOf({ unified: '1F469' })).toBe('person');
    const patch = { ...person, category: 'Component', unified: '1F3FB', image: '1f3fb.png' };
    expect(pictureFiles([runners[0]!, patch], 'twitter')).toEqual([
      { image: '1f3c3.png', folder: join('People & Body', '1F3C3'), name: 'twitter-1f3c3.png' },
    ]);
    expect(pictureFiles(runners, 'google')).toEqual([]);
  });
});

describe('the choice of defaults', () => {
  it('compares every mix of views and every encoder with those of before, by the same task', () => {
    const before = candidates.filter(({ encoder, mix }) => encoder === 'residual' && mix === 'stretched');
    expect(new Set(before.map(({ task }) => task))).toEqual(new Set(candidates.map(({ task }) => task)));
    expect(new Set(candidates.map(({ mix }) => mix))).toEqual(new Set(Object.keys(viewMixes)));
  });

  it('has rhythms that the strongest of four frequencies tells', () => {
    const rows = rhythmRecording(3).map((line) => line.split(','));
    expect(rows).toHaveLength(9000);
    expect(rhythmRecording(3)).toEqual(rhythmRecording(3));
    const windows = Array.from({ length: 40 }, (_, i) => rows.slice(200 * i, 200 * i + 128));
    const pure = windows.filter((window) => new Set(window.map((row) => row[4])).size === 1);
    const right = pure.filter((window) => {
      const powers = RHYTHMS.map((hertz) =>
        [0, 1, 2, 3].reduce((sum, at) => sum + power(window, at, hertz), 0),
      );
      return `${RHYTHMS[powers.indexOf(Math.max(...powers))]} Hz` === window[0]![4];
    });
    expect(right.length / pure.length).toBeGreaterThan(0.9);
  });

  /** Of a frequency at 100 values a second. */
  const power = (window: readonly string[][], channel: number, hertz: number) => {
    const parts = window.map((row, i) => {
      const turn = (2 * Math.PI * hertz * i) / 100;
      return [Number(row[channel]) * Math.cos(turn), Number(row[channel]) * Math.sin(turn)] as const;
    });
    const sum = (part: 0 | 1) => parts.reduce((total, own) => total + own[part], 0);
    return sum(0) ** 2 + sum(1) ** 2;
  };
});

it('writes recordings of movement anew where the script or what it reads is another', () => {
  const name = recordingsName('print(1)', 'numpy==2.3.5');
  expect(name).toMatch(/^recordings-[0-9a-f]{12}$/);
  expect(recordingsName('print(1)', 'numpy==2.3.5')).toBe(name);
  expect(recordingsName('print(2)', 'numpy==2.3.5')).not.toBe(name);
  expect(recordingsName('print(1)', 'numpy==2.3.6')).not.toBe(name);
});
