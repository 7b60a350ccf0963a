/**
 * The configurations in `test/fixtures/earlier-run-configs.json` were written by the planners of earlier versions
 * (commits 54e7542 and f26d3e1: `planRuns` of a recipe on leaves and bark, and a round of a tournament), and
 * completed as those versions did at the start of a run.
 */
import { describe, expect, it } from 'vitest';
import { planRuns } from '../../../../src/service/recipes/plan.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { RUN_CONFIG_SCHEMAS, isPretextConfig } from '../../../../src/contract/recipe/run-config.ts';
import earlier from '../../../fixtures/earlier-run-configs.json' with { type: 'json' };

interface Row {
  kind: string;
  config: object;
}
const rows: [version: string, rows: Row[]][] = Object.entries(earlier);
const read = ({ kind, config }: Row) => RUN_CONFIG_SCHEMAS[kind as 'pretext' | 'finetune'].parse(config);

describe('the configuration of a run', () => {
  it.each(rows)('is read as version %s wrote it, with nothing of it changed or lost', (_version, stored) => {
    expect(stored.length).toBeGreaterThan(0);
    for (const row of stored) expect(read(row)).toMatchObject(row.config);
  });

  it('means without a field what the version meant that did not have it', () => {
    const [first] = earlier['0.1.0'];
    const config = read(first!);
    // Copies in other datasets stayed in, one pretraining was done, a step was computed in one part.
    expect(config.data.copiesOfHeldOut).toBeUndefined();
    expect(config.device).toEqual({ threads: 2, precision: 'float32' });
    expect(isPretextConfig(config) && config.pretext).toMatchObject({
      accumulation: 1,
      onCollapse: 'report',
    });
  });

  it('is written by the planner as it is read', () => {
    const recipe = recipeSchema.parse({
      name: 'A',
      data: { pretrain: ['a', 'b'], finetune: 'b' },
      pretext: { seeds: 2, checkpoint: 'best' },
      finetune: { tune: {}, budgets: ['all', { perClass: 3 }] },
    });
    const planned = planRuns(recipe);
    expect(planned.length).toBeGreaterThan(10);
    for (const row of planned) {
      const kept = JSON.parse(JSON.stringify(row)) as Row;
      expect(read(kept)).toEqual(kept.config);
    }
  });
});
