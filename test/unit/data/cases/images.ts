/** Pictures of all kinds. */
import { expect } from 'vitest';
import type { Imported } from '../../../fixtures/imports.ts';
import type { Case } from './case.ts';

const issueOf = (dataset: Imported, file: string) => dataset.issues.find((one) => one.file === file);

export const imageCases: readonly Case[] = [
  {
    folder: '18-8bit-in-16bit',
    should: 'keeps 20 different pictures apart, in the 8 bits that they use',
    async check(given) {
      const dataset = await given.import();
      expect(dataset).toMatchObject({ sampleCount: 20, dtype: 'uint8' });
      expect(Math.max(...dataset.sample('cell/00.png'))).toBeGreaterThan(60);
      expect(dataset.issues.map(({ reason }) => reason)).toEqual(['bit-depth']);
    },
  },
  {
    folder: '20-more-than-three-bands',
    should: 'takes infrared for a band and not for transparency, and leaves out what has other bands',
    async check(given) {
      const dataset = await given.import();
      expect(dataset.shape).toEqual([32, 32, 5]);
      expect(dataset.sample('x/five0.tif').slice(0, 5)).toEqual([219, 175, 120, 53, 67]);
      expect(dataset.issues.filter(({ reason }) => reason === 'other-bands')).toHaveLength(3);
    },
  },
  {
    folder: '22-heic-and-disguises',
    should: 'names HEIC with what helps, reads PNG called JPEG, and names a web page',
    async check(given) {
      const dataset = await given.import();
      expect(dataset.samples.sources).toContain('x/png.jpg');
      for (const file of ['x/IMG_1.HEIC', 'x/IMG_2.jpg', 'x/IMG_3.heic']) {
        expect(issueOf(dataset, file), file).toMatchObject({ reason: 'heic', severity: 'left-out' });
        expect(issueOf(dataset, file)!.message).toContain('Most compatible');
      }
      expect(issueOf(dataset, 'x/page.jpg')!.message).toContain('a web page');
      expect(issueOf(dataset, 'x/jp2.jp2')!.message).toContain('JPEG 2000');
    },
  },
  {
    folder: '24-palette-bmp',
    should: 'gives BMP of 1, 4, 8, 24 and 32 bits the values that were written',
    async check(given) {
      const dataset = await given.import();
      expect(dataset.sampleCount).toBe(8);
      const grey = dataset.shape[2]!;
      const valuesOf = (name: string) => dataset.sample(`x/${name}.bmp`).filter((_, at) => at % grey === 0);
      const start = (name: string, row: number, count: number) =>
        dataset.sample(`x/${name}.bmp`).slice(row * 32 * grey, row * 32 * grey + count);
      expect(valuesOf('grey8_0').slice(31 * 32, 31 * 32 + 4)).toEqual([50, 33, 51, 13]);
      expect(valuesOf('grey4').slice(31 * 32, 31 * 32 + 4)).toEqual(
        [12, 10, 12, 10].map((value) => 17 * value),
      );
      expect(start('topdown24', 0, 3)).toEqual([121, 171, 202]);
      expect(start('bgra32', 31, 3)).toEqual([41, 32, 22]);
      expect(new Set(valuesOf('grey1'))).toEqual(new Set([0, 255]));
      expect(new Set(valuesOf('grey4')).size).toBeLessThanOrEqual(16);
      for (const name of ['grey8_0', 'grey8_1', 'grey8_2', 'grey8_3', 'grey4', 'grey1']) {
        const sample = dataset.sample(`x/${name}.bmp`);
        if (grey === 3)
          expect(
            sample.every((value, at) => value === sample[at - (at % 3)]),
            name,
          ).toBe(true);
      }
    },
  },
];
