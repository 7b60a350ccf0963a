import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import type { Explanation } from '../../../../src/contract/model/explanation.ts';
import { explanationFiles } from '../../../../src/export/explanations/files.ts';
import { modelNote } from '../../../fixtures/models.ts';

const { model } = modelNote('aaaaaaaaaa-1');
const explanation = (panel: Explanation['panel'], grid: number[], values: number[]): Explanation => ({
  values: [0.25, 0.75],
  target: 1,
  maps: [{ method: 'occlusion', grid, values }],
  panel,
  nearest: [{ sample: 7, label: 'right', likeness: 0.9 }],
  written: null,
});
const pixel = async () => {
  const png = await sharp(Buffer.from([200]), { raw: { width: 1, height: 1, channels: 1 } })
    .png()
    .toBuffer();
  return {
    kind: 'image' as const,
    width: 1,
    height: 1,
    png: `data:image/png;base64,${png.toString('base64')}`,
  };
};
const byName = async (of: Explanation, more: Partial<Parameters<typeof explanationFiles>[0]> = {}) => {
  const files = await explanationFiles({
    model,
    source: '/a/b/3.png',
    explanation: of,
    pictures: [],
    ...more,
  });
  return new Map(files.map(({ path, contents }) => [path, contents]));
};
const lines = (contents: Uint8Array | string | undefined) => String(contents).trimEnd().split('\r\n');

describe('the files of an explanation', () => {
  it('are figures, their numbers, the nearest training samples and what they are about', async () => {
    const panel = await pixel();
    const files = await byName(explanation(panel, [1, 2], [1, -1]), { pictures: [panel] });
    expect([...files.keys()]).toEqual([
      'sample.svg',
      'sample.png',
      'occlusion.svg',
      'occlusion.png',
      'nearest.svg',
      'nearest.png',
      'occlusion.csv',
      'nearest.csv',
      'explanation.json',
    ]);
    expect(String(files.get('occlusion.svg'))).toContain('Occlusion: right, 75.0 %');
    expect(lines(files.get('occlusion.csv'))).toEqual([
      'row,column,of_rows,of_columns,contribution',
      '0,0,1,2,1',
      '0,1,1,2,-1',
    ]);
    expect(lines(files.get('nearest.csv'))[1]).toBe('1,7,right,0.9');
    expect(JSON.parse(String(files.get('explanation.json')))).toMatchObject({
      source: '/a/b/3.png',
      explains: 'right',
      probabilities: { left: 0.25, right: 0.75 },
      answer: { label: 'right' },
    });
    const { format, width } = await sharp(Buffer.from(files.get('occlusion.png')!)).metadata();
    expect([format, width]).toEqual(['png', 1024]);
  });

  it('draw a picture with the colours that it has and those that lie over it', async () => {
    const files = await byName(explanation(await pixel(), [1, 2], [1, -1]));
    const { data, info } = await sharp(Buffer.from(files.get('occlusion.png')!))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => [
      ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
    ];
    // 0.6 of #d98b00, or of #0072b2, over 0.4 of a grey of 200.
    const over = (color: number[]) => color.map((one) => expect.closeTo(0.6 * one + 0.4 * 200, -1) as number);
    expect(at(300, 500)).toEqual(over([0xd9, 0x8b, 0]));
    expect(at(800, 500)).toEqual(over([0, 0x72, 0xb2]));
  });

  it('tell of signals when and in which channel, of rows which column', async () => {
    const preparation = { ...model.preparation, stored: { shape: [100, 2], dtype: 'float32' as const } };
    const ofSignals = {
      ...model,
      preparation: { ...preparation, samplingRate: 50, channelNames: ['C3', 'C4'] },
    };
    const traces = {
      kind: 'signal' as const,
      channels: [
        [0, 1],
        [1, 0],
      ],
    };
    const signal = await byName(explanation(traces, [2, 2], [1, 2, 3, 4]), { model: ofSignals });
    expect(lines(signal.get('occlusion.csv'))).toEqual([
      'from_seconds,to_seconds,channel,contribution',
      '0,1,C3,1',
      '0,1,C4,2',
      '1,2,C3,3',
      '1,2,C4,4',
    ]);
    const cells = {
      kind: 'row' as const,
      cells: [
        { name: 'age', text: '53' },
        { name: 'work', text: null },
      ],
    };
    const row = await byName(explanation(cells, [2], [0.5, -1]));
    expect(lines(row.get('occlusion.csv'))).toEqual(['column,value,contribution', 'age,53,0.5', 'work,,-1']);
    expect(row.has('nearest.svg')).toBe(false);
  });
});
