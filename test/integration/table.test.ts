/** From a CSV to a comparison and to answers on another CSV, by the command line: one target, or several at once. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { studyResultSchema } from '../../src/contract/results/result.ts';
import type { Explanation } from '../../src/contract/model/explanation.ts';
import { headNames } from '../../src/contract/model/prediction.ts';
import type { KeptModel } from '../../src/contract/model/model.ts';
import type { Inspection } from '../../src/contract/messages/rpc.ts';
import { createRandom } from '../../src/data/shards/random.ts';
import { beginPretext } from '../fixtures/survival.ts';

const folder = mkdtempSync(join(tmpdir(), 'pretext-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...argv: string[]) => beginPretext(folder, argv).ended;

/** Those of a large dose who are treated get well; some stand for more patients than others. */
function writePatients(): void {
  const random = createRandom(3);
  const rows = Array.from({ length: 400 }, (_, at) => {
    const dose = random.below(1000) / 10;
    const treated = at % 2 === 0 ? 'active' : 'placebo';
    const age = at % 25 === 0 ? 'NA' : String(20 + random.below(60));
    return [
      String(dose).replace('.', ','),
      treated,
      age,
      String(1 + (at % 3)),
      dose > 50 && treated === 'active' ? 'well' : 'ill',
    ].join(';');
  });
  writeFileSync(join(folder, 'patients.csv'), `dose;arm;age;share;outcome\n${rows.join('\n')}\n`);
}

const RECIPE = `name: Patients
data:
  import:
    patients: { path: patients.csv, labelColumn: outcome, format: delimited-table, options: { weight: share } }
  pretrain: [patients]
encoder: { family: plain, options: { width: 32, features: 16 } }
pretext: { task: scarf, epochs: 3, batchSize: 64 }
finetune:
  budgets: [{ perClass: 40 }]
  arms: [pretrained, baseline, linear-probe, reference-linear, reference-trees]
  seeds: 1
  minimumSteps: 300
  learningRate: 0.01
`;

it('compares, says what it found, and predicts', async () => {
  writePatients();
  writeFileSync(join(folder, 'patients.yaml'), RECIPE);
  const study = await run('study', 'run', 'patients.yaml', '--project', 'p', '--json');
  expect(study.stderr).not.toMatch(/error/i);
  expect(study.status).toBe(0);
  const { summary, weightedBy } = studyResultSchema.parse(JSON.parse(study.stdout));
  expect(weightedBy).toBe('share');
  const { arms } = summary[0]!;
  expect(Object.keys(arms).sort()).toEqual([
    'baseline',
    'linear-probe',
    'pretrained',
    'reference-linear',
    'reference-trees',
  ]);
  expect(arms['reference-trees']!.mean).toBeGreaterThan(0.9);
  expect(arms['baseline']!.mean).toBeGreaterThan(0.8);

  const looked = await run(
    'data',
    'inspect',
    'patients.csv',
    '--label-column',
    'outcome',
    '--project',
    'p',
    '--json',
  );
  const { format, tableColumns } = JSON.parse(looked.stdout) as Inspection;
  expect(format).toBe('delimited-table');
  expect(tableColumns.map(({ name, kind, use, missing }) => [name, kind, use, missing])).toEqual([
    ['dose', 'number', 'feature', 0],
    ['arm', 'category', 'feature', 0],
    ['age', 'whole-number', 'feature', 16],
    ['share', 'whole-number', 'feature', 0],
    ['outcome', 'category', 'target', 0],
  ]);

  const where = ['--where', 'arm = active', 'age missing', '--sort', 'dose', '--descending'];
  const listing = await run('data', 'rows', 'patients', ...where, '--limit', '3', '--project', 'p', '--json');
  const {
    total,
    columns,
    rows: found,
  } = JSON.parse(listing.stdout) as {
    total: number;
    columns: string[];
    rows: { cells: (string | null)[] }[];
  };
  expect([total, columns]).toEqual([8, ['dose', 'arm', 'age']]);
  const doses = found.map(({ cells }) => Number(cells[0]));
  expect(doses).toEqual(doses.toSorted((one, other) => other - one));
  expect(found.every(({ cells }) => cells[1] === 'active' && cells[2] === null)).toBe(true);

  // Other order, no outcome, points for commas, an arm that was never met, an age that is not known.
  const rows = ['95.5,active,30,x', '5.5,active,30,y', '95.5,placebo,,z', '95.5,surgery,40,z'];
  writeFileSync(join(folder, 'new.csv'), `dose,arm,age,note\n${rows.join('\n')}\n`);
  const listed = await run('models', '--project', 'p', '--json');
  const { models } = JSON.parse(listed.stdout) as { models: KeptModel[] };
  const predicted = await run(
    'predict',
    models[0]!.model.id,
    'new.csv',
    '--project',
    'p',
    '--output',
    'out.csv',
  );
  expect(predicted.stderr).not.toMatch(/error/i);
  expect(predicted.status).toBe(0);
  const [head, ...answers] = readFileSync(join(folder, 'out.csv'), 'utf8').trimEnd().split('\r\n');
  expect(head).toMatch(/^source,label,probability,/);
  const labels = answers.map((line) =>
    line
      .split(',')
      .slice(0, 2)
      .join(' ')
      .replace(/^.*new\.csv /, ''),
  );
  expect(labels.slice(0, 3)).toEqual(['row 2 well', 'row 3 ill', 'row 4 ill']);
  expect(labels).toHaveLength(4);

  // Tenths or thousands: whatever reads such a file by the model is told, as predictions are.
  writeFileSync(join(folder, 'either.csv'), 'dose;arm;age\n95,500;active;30\n5,500;active;30\n');
  const byModel = [models[0]!.model.id, '--project', 'p', '--decimal', 'comma'] as const;
  const unsaid = await run('explain', byModel[0], 'either.csv row 2', '--project', 'p');
  expect(unsaid.stderr).toContain('may have a decimal comma or a comma that groups thousands');
  const explained = await run('explain', ...byModel, 'either.csv row 2', '--json');
  expect(explained.stderr).not.toMatch(/error/i);
  const values = (JSON.parse(explained.stdout) as Explanation).values;
  expect(Math.max(...values)).toBe(values[headNames(models[0]!.model.head).indexOf('well')]);
  const embedded = await run('embed', '--files', 'either.csv', '--to', 'e.npz', '--model', ...byModel);
  expect(embedded.stdout).toContain('2 samples');

  writeFileSync(join(folder, 'other.csv'), 'dose,age,note\n1.5,30,a\n2.5,31,b\n');
  const refused = await run(
    'predict',
    models[0]!.model.id,
    'other.csv',
    '--project',
    'p',
    '--output',
    'x.csv',
  );
  expect(refused.status).not.toBe(0);
  expect(refused.stderr).toContain('lacks a column that the model was trained on: arm');
}, 240_000);

/** What a dose does, to those that get it: two labels and two numbers, some of them not known. */
function writeMeasurements(): void {
  const random = createRandom(5);
  const rows = Array.from({ length: 400 }, (_, at) => {
    const dose = random.below(1000) / 10;
    const age = 20 + random.below(60);
    const dizzy = at % 20 === 0 ? '' : dose > 60 ? 'yes' : 'no';
    return [dose, age, dizzy, age > 50 ? 1 : 0, (2 * dose).toFixed(1), at % 30 === 0 ? 'NA' : 1000 - age];
  });
  writeFileSync(
    join(folder, 'measured.csv'),
    `dose,age,dizzy,tired,pulse,power\n${rows.map((row) => row.join(',')).join('\n')}\n`,
  );
}

const severalRecipe = (
  target: 'labels' | 'numbers',
  columns: string,
  left: string,
) => `name: Several ${target}
data:
  import:
    ${target}:
      path: measured.csv
      format: delimited-table
      target: ${target}
      labelColumns: [${columns}]
      options: { kinds: { ${left} } }
  pretrain: [${target}]
encoder: { family: plain, options: { width: 32, features: 16 } }
pretext: { task: scarf, epochs: 1, batchSize: 64 }
finetune:
  budgets: [{ total: 100 }]
  arms: [baseline, linear-probe, knn-probe, reference-linear, reference-trees]
  seeds: 2
  minimumSteps: 200
  learningRate: 0.01
`;

it.each([
  ['labels', 'dizzy, tired', 'pulse: left-out, power: left-out', 'auroc'],
  ['numbers', 'pulse, power', 'dizzy: left-out, tired: left-out', 'r2'],
] as const)(
  'learns several %s at once, tells of each, and predicts them',
  async (target, columns, left, metric) => {
    writeMeasurements();
    writeFileSync(join(folder, `${target}.yaml`), severalRecipe(target, columns, left));
    const study = await run('study', 'run', `${target}.yaml`, '--project', target, '--json');
    expect(study.stderr).not.toMatch(/error/i);
    expect(study.status).toBe(0);
    const { study: studyId, summary, results } = studyResultSchema.parse(JSON.parse(study.stdout));
    expect(summary[0]).toMatchObject({ metric, several: true, labels: 100 });
    const means = Object.values(summary[0]!.arms).map(({ mean }) => mean);
    expect(means).toHaveLength(5);
    expect(Math.min(...means)).toBeGreaterThan(target === 'labels' ? 0.6 : 0.1);
    expect(summary[0]!.arms['reference-trees']!.mean).toBeGreaterThan(0.9);
    const names = columns.split(', ');
    for (const { perTarget, test } of results) {
      expect(perTarget!.map(({ name }) => name)).toEqual(names);
      const scores = perTarget!.map((one) => one.scores[metric]!);
      expect(test).toBeCloseTo((scores[0]! + scores[1]!) / 2, 10);
    }
    expect(results.every(({ calibration }) => (calibration !== undefined) === (target === 'labels'))).toBe(
      true,
    );

    const errors = await run(
      'study',
      'errors',
      studyId,
      '--arm',
      'baseline',
      '--project',
      target,
      '--json',
      ...(target === 'labels' ? ['--truth', 'dizzy', '--outcome', 'all'] : []),
    );
    expect(errors.stderr).toBe('');
    const told = JSON.parse(errors.stdout) as { answers: { truth: string; loss: number }[] };
    expect(told.answers.length).toBeGreaterThan(5);
    for (const { truth } of told.answers)
      expect(truth).toMatch(target === 'labels' ? /dizzy/ : /^pulse [\d.]+, power/);

    writeFileSync(join(folder, 'asked.csv'), 'dose,age\n95,25\n5,75\n');
    const listed = await run('models', '--project', target, '--json');
    const { models } = JSON.parse(listed.stdout) as { models: KeptModel[] };
    const out = join(folder, `${target}-out.csv`);
    const predicted = await run(
      'predict',
      models[0]!.model.id,
      'asked.csv',
      '--project',
      target,
      '--output',
      out,
    );
    expect(predicted.stderr).not.toMatch(/error/i);
    const [head, ...lines] = readFileSync(out, 'utf8').trimEnd().split('\r\n');
    const cells = lines.map((line) =>
      Object.fromEntries(line.split(',').map((cell, at) => [head!.split(',')[at], cell])),
    );
    if (target === 'labels') expect(cells.map(({ labels }) => labels)).toEqual(['dizzy', 'tired']);
    else {
      expect(Number(cells[0]!['number: pulse'])).toBeGreaterThan(Number(cells[1]!['number: pulse']) + 50);
      expect(Number(cells[0]!['low_90: power'])).toBeLessThan(Number(cells[0]!['high_90: power']));
    }
  },
  240_000,
);
