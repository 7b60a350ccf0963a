import { describe, expect, it } from 'vitest';
import { advise, type AdvisorQuestion } from '../../../src/learning/advisor.ts';
import { pretextTasks } from '../../../src/learning/pretext/registry.ts';

const xrays: AdvisorQuestion = {
  modality: 'image',
  inputShape: [28, 28, 1],
  sampleCount: 4682,
  labeledCount: 4682,
};
const of = (id: string, change: Partial<AdvisorQuestion> = {}) =>
  advise({ ...xrays, ...change }).tasks.find(({ task }) => task === id)!;

describe('the advisor', () => {
  it('speaks of every task for this kind of data, the impossible ones last with their reason', () => {
    const { tasks } = advise(xrays);
    const expected = pretextTasks.filter(({ modalities }) => modalities.includes('image'));
    expect(tasks.map(({ task }) => task).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
    const impossible = tasks.map((task) => task.impossible !== null);
    expect(impossible).toEqual(impossible.toSorted());
    expect(of('colorization').impossible).toMatch(/channels/);
    expect(of('colorization', { inputShape: [28, 28, 3] }).impossible).toBeNull();
    expect(tasks.every(({ impossible: why, reasons }) => why !== null || reasons.length > 0)).toBe(true);
  });

  it('begins with tasks of different kinds, all of them possible', () => {
    const { start, tasks } = advise(xrays);
    const families = start.map((id) => tasks.find(({ task }) => task === id)!);
    expect(new Set(families.map(({ family }) => family)).size).toBe(4);
    expect(families.every(({ impossible }) => impossible === null)).toBe(true);
    expect(advise(xrays, 2).start).toHaveLength(2);
  });

  it('proposes what a task proposes for the data, in batches that fit samples, memory and wish', () => {
    const proposed = pretextTasks.find(({ id }) => id === 'simclr')!.defaults(xrays).training;
    expect(of('simclr').training).toEqual(proposed);
    expect(of('simclr', { batchSize: 100 }).training.batchSize).toBe(64);
    // 784 values a sample × 400 × 4 bytes: 40 million bytes hold 31 of them.
    expect(of('simclr', { memoryBytes: 40e6 }).training.batchSize).toBe(16);
    expect(of('simclr', { sampleCount: 50 }).training.batchSize).toBe(16);
    expect(of('simclr', { sampleCount: 12 }).impossible).toMatch(/at least 16 samples/);
  });

  it('prefers an easy question for little data, and a comparison with many for much', () => {
    const best = (sampleCount: number) => advise({ ...xrays, sampleCount }).tasks[0]!.family;
    expect(best(300)).toBe('predictive');
    expect(best(5000)).toBe('contrastive');
  });

  it('shortens the training to the time there is, at the speed that was measured', () => {
    const { training, reasons } = of('simclr', { secondsAllowed: 100, samplesPerSecond: 468.2 });
    expect(training.epochs).toBe(10);
    expect(reasons.join(' ')).toContain('10 instead of 25 epochs');
    expect(of('simclr', { secondsAllowed: 100 }).training.epochs).toBe(25);
  });

  it('begins with turned samples only where somebody has said that they have an upright position', () => {
    const begins = (upright?: boolean) =>
      advise({ ...xrays, sampleCount: 300, ...(upright !== undefined && { upright }) }, 30).start;
    expect(begins()).not.toContain('rotation');
    expect(begins(false)).not.toContain('rotation');
    expect(begins(true)).toContain('rotation');
    expect(of('rotation').reasons.join(' ')).toContain('nobody has said that yours do');
    expect(of('rotation', { upright: false }).reasons.join(' ')).toContain('nothing to tell');
    // It can still be chosen by hand.
    expect(of('rotation', { upright: false }).impossible).toBeNull();
  });

  it('does not begin with a task that learns from labels where hardly any are there', () => {
    const labeled = pretextTasks.find(({ needsLabels }) => needsLabels);
    expect(labeled).toBeDefined();
    const { start, tasks } = advise({ ...xrays, labeledCount: 20 }, 30);
    expect(start).not.toContain(labeled!.id);
    expect(tasks.find(({ task }) => task === labeled!.id)!.impossible).toMatch(/labels/);
  });

  it('says beforehand where recordings are short for a task, and begins with others', () => {
    const gestures: Partial<AdvisorQuestion> = { modality: 'signal', inputShape: [128, 8] };
    const on = (windowsEach: number, id = 'relative-positioning') =>
      of(id, { ...gestures, recordings: { windowsEach, grouped: true } });
    expect(on(94).caution).toMatch(/made for long recordings .* hold 94 windows or fewer/);
    expect(on(94).reasons[0]).toBe(on(94).caution);
    expect(on(960)).not.toHaveProperty('caution');
    expect(on(960).points).toBeGreaterThan(on(94).points);
    expect(on(94, 'simclr')).not.toHaveProperty('caution');
    expect(of('relative-positioning', gestures)).not.toHaveProperty('caution');
  });

  it('says how many windows a task reads for each sample, and calls none of these cheap', () => {
    const signals: Partial<AdvisorQuestion> = { modality: 'signal', inputShape: [128, 8] };
    expect(of('relative-positioning', signals).reasons.join()).toContain('over 3 windows for each sample');
    expect(of('temporal-shuffling', signals).reasons.join()).toContain('over 4 windows for each sample');
    expect(of('rotation').reasons.join()).toContain('one view of each sample: cheap');
    for (const { task, reasons } of advise({ ...xrays, ...signals }).tasks)
      if (task !== 'forecasting' && pretextTasks.find(({ id }) => id === task)!.companions)
        expect(reasons.join()).not.toContain('cheap');
  });

  it('does not count a window that is only told, and not read', () => {
    const signals: Partial<AdvisorQuestion> = { modality: 'signal', inputShape: [128, 8] };
    expect(of('forecasting', signals).reasons.join()).toContain('one view of each sample: cheap');
    const hurried = { ...signals, secondsAllowed: 10, samplesPerSecond: 100 };
    expect(of('forecasting', hurried).reasons.join()).toContain('In little time one view');
    expect(of('forecasting', hurried).points).toBe(of('forecasting', signals).points + 1);
    expect(of('relative-positioning', hurried).reasons.join()).not.toContain('In little time');
  });

  it('says that of the options that are chosen, not of the usual ones', () => {
    const on = (windowsEach: number, options: Record<string, unknown>, task = 'relative-positioning') =>
      of('relative-positioning', {
        modality: 'signal',
        inputShape: [128, 8],
        recordings: { windowsEach, grouped: true },
        chosen: { task, options },
      }).caution;
    expect(on(20, {})).toMatch(/from other recordings of the same group as well/);
    expect(on(20, { farIn: 'recording' })).toMatch(/from the same recording alone, as is chosen/);
    // 30 lengths away and the window itself: 31 of them.
    expect(on(20, { farIn: 'recording', far: 30 })).toMatch(/recordings of 31 windows or more.* hold 20/);
    // Those of another task are none of this one's.
    expect(on(20, { farIn: 'recording', far: 30 }, 'simclr')).toBe(on(20, {}));
    // What cannot be is told beside the field.
    expect(on(20, { near: 5, far: 2 })).toBeUndefined();
  });
});
