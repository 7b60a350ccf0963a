import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportIssue } from '../../../../../src/contract/entities.ts';
import type { Prediction } from '../../../../../src/contract/model/prediction.ts';
import {
  openPredictionsFile,
  type Wanted,
} from '../../../../../src/training/models/output/predictions-file.ts';
import { modelNote } from '../../../../fixtures/models.ts';
import { temporaryFolder } from '../../../../fixtures/projects.ts';

const { model } = modelNote('aaaaaaaaaa-1');
const row = (source: string, left: number): Prediction => ({
  source,
  sample: null,
  startSeconds: null as never,
  values: [left, 1 - left],
  percentile: null as never,
  nearest: [],
});
const issue = (file: string, severity: ImportIssue['severity'], at?: number): ImportIssue => ({
  file,
  ...(at !== undefined && { row: at }),
  reason: 'broken',
  message: 'It ends, too early.',
  severity,
});
const features = (...values: number[]) => ({
  values: Float32Array.from(values),
  rows: values.length / 2,
  columns: 2,
});
const NONE = features();

function wanted(more: Partial<NonNullable<Wanted['output']>> = {}) {
  const file = join(temporaryFolder(), 'new', 'answers.csv');
  const output = { file, format: 'csv' as const, overwrite: false, embeddings: false, ...more };
  return { file, folder: join(file, '..'), of: { output, stretches: null } as unknown as Wanted };
}
const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.split(','));

describe('a file of predictions', () => {
  it('appears whole at the end, with what was left out beside it', async () => {
    const { file, folder, of } = wanted();
    const open = await openPredictionsFile(of, model, 'samples');
    expect([open.partsDone, open.samples, open.leftOut]).toEqual([0, 0, 0]);
    await open.begin([issue('a.png', 'left-out'), issue('b.png', 'noted')]);
    await open.append([row('c.png', 0.75)], NONE);
    await open.note([issue('d.csv', 'left-out', 7)]);
    await open.append([row('e.png', 0.125)], NONE);
    await open.endPart();
    expect(existsSync(file)).toBe(false);
    expect(await open.finish()).toEqual({ file, leftOutFile: `${file}.left-out.csv`, stretches: null });
    const [head, ...lines] = linesOf(file);
    expect(head!.slice(0, 3)).toEqual(['source', 'label', 'probability']);
    expect(lines.map((line) => line.slice(0, 3))).toEqual([
      ['c.png', 'left', '0.75'],
      ['e.png', 'right', '0.875'],
    ]);
    expect(readFileSync(`${file}.left-out.csv`, 'utf8').trimEnd().split(/\r?\n/)).toEqual([
      'file,row,reason,message',
      'a.png,,broken,"It ends, too early."',
      'd.csv,7,broken,"It ends, too early."',
    ]);
    // Nothing of the way there stays.
    expect(readdirSync(folder).toSorted()).toEqual(['answers.csv', 'answers.csv.left-out.csv']);
    // The answers were moved away, and the list stayed: it is not lost unasked.
    rmSync(file);
    await expect(openPredictionsFile(of, model, 'other samples')).rejects.toMatchObject({
      failure: { code: 'file.exists', place: `${file}.left-out.csv` },
    });
    expect(readdirSync(folder)).toEqual(['answers.csv.left-out.csv']);
    // A list of what an earlier one left out says nothing of this one.
    const again = await openPredictionsFile(
      { ...of, output: { ...of.output!, overwrite: true } },
      model,
      'other samples',
    );
    await again.begin([]);
    await again.append([row('c.png', 0.75)], NONE);
    await again.endPart();
    expect((await again.finish()).leftOutFile).toBeNull();
    expect(readdirSync(folder)).toEqual(['answers.csv']);
  });

  it('has the very features of each sample, where they are wished', async () => {
    const { file, of } = wanted({ embeddings: true });
    const open = await openPredictionsFile(of, model, 'samples');
    await open.begin([]);
    await open.append([row('a.png', 0.5), row('b.png', 0.25)], features(1, -2.5, 0.1, 3));
    await open.endPart();
    expect((await open.finish()).leftOutFile).toBeNull();
    const [head, first, second] = linesOf(file);
    const place = head!.indexOf('feature_1');
    expect(first!.slice(place).map(Number)).toEqual([1, -2.5]);
    expect(second!.slice(place).map((text) => Math.fround(Number(text)))).toEqual([Math.fround(0.1), 3]);
  });
});

describe('after an interruption', () => {
  /** One part is answered, and half of the next. */
  async function interrupted(of: Wanted) {
    const first = await openPredictionsFile(of, model, 'samples');
    await first.begin([issue('z.png', 'left-out')]);
    await first.append([row('a.png', 0.75)], NONE);
    await first.endPart();
    await first.append([row('half.png', 0.5)], NONE);
    await first.close();
  }

  it('what was answered wholly is not answered again, and half a part is', async () => {
    const { file, of } = wanted();
    await interrupted(of);
    const again = await openPredictionsFile(of, model, 'samples');
    expect([again.partsDone, again.samples, again.leftOut]).toEqual([1, 1, 1]);
    await again.append([row('b.png', 0.25)], NONE);
    await again.endPart();
    await again.finish();
    expect(linesOf(file).map(([source]) => source)).toEqual(['source', 'a.png', 'b.png']);
  });

  it.each<[string, { fingerprint?: string; model?: typeof model; note?: string; bytes?: number }]>([
    ['other samples', { fingerprint: 'others' }],
    ['another temperature', { model: { ...model, temperature: 3 } }],
    ['another head', { model: { ...model, trainedOn: { ...model.trainedOn, dataset: 'dots' } } }],
    ['a note that was cut short', { note: '{"key": ' }],
    ['a note of more than there is', { bytes: 0 }],
  ])('all is answered anew for %s', async (_, change) => {
    const { file, folder, of } = wanted();
    await interrupted(of);
    const gathered = join(folder, '.answers.csv.pretext-gathered');
    if (change.note !== undefined) writeFileSync(`${gathered}.json`, change.note);
    if (change.bytes === 0) writeFileSync(gathered, '');
    const again = await openPredictionsFile(of, change.model ?? model, change.fingerprint ?? 'samples');
    expect([again.partsDone, again.samples]).toEqual([0, 0]);
    await again.discard();
    expect([readdirSync(folder), existsSync(file)]).toEqual([[], false]);
  });

  it('what was gathered stays where the table cannot be written', async () => {
    const { folder, of } = wanted();
    await interrupted(of);
    const again = await openPredictionsFile(of, model, 'samples');
    appendFileSync(join(folder, '.answers.csv.pretext-gathered'), 'no line of ours\n');
    // The reason itself, whatever was still being written.
    await expect(again.finish()).rejects.toThrow(SyntaxError);
    expect(readdirSync(folder).filter((name) => name.includes('.tmp-'))).toEqual([]);
    expect(existsSync(join(folder, '.answers.csv.pretext-gathered.json'))).toBe(true);
  });
});

it('is not begun where there is one already', async () => {
  const file = join(temporaryFolder(), 'mine.csv');
  writeFileSync(file, 'mine');
  const output = { file, format: 'csv', overwrite: false, embeddings: false };
  await expect(
    openPredictionsFile({ output, stretches: null } as unknown as Wanted, model, 'x'),
  ).rejects.toMatchObject({ failure: { code: 'file.exists', place: file } });
  expect(readFileSync(file, 'utf8')).toBe('mine');
});
