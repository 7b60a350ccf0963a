import { expect, it } from 'vitest';
import { companionsOf, pretextTasks } from '../../../../../../src/learning/pretext/registry.ts';
import { taskOn } from './setting.ts';

const context = { modality: 'signal' as const, inputShape: [32, 2], sampleCount: 100 };

it.each(pretextTasks.filter(({ companions }) => companions).map(({ id }) => id))(
  '%s has the encoder read as many windows of each sample as it says',
  (id) => {
    const { count, encoded = count } = companionsOf(id, {}, context)!;
    // Of each window it compares two views.
    const views = id === 'subject-contrast' ? 2 : 1;
    expect(taskOn(id).readEach).toBe(views * (1 + encoded));
  },
);
