import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBrokenImages } from '../fixtures/broken-images.ts';
import { folderOf, importFrom } from '../fixtures/imports.ts';

describe('a folder of 200 images of which 20 are broken or odd', () => {
  it('imports what can be read and reports each of the others by name and reason', async () => {
    const folder = join(await folderOf(), 'images');
    const odd = await makeBrokenImages(folder);
    expect(odd).toHaveLength(20);

    const dataset = await importFrom(folder);

    const told = dataset.issues.map(({ file, reason, severity }) => `${severity} ${file} ${reason}`).sort();
    const byFile = odd.filter(({ reason }) => reason !== '16-bit');
    // One picture of 16 bits makes all of them such: that is said of the dataset.
    const ofDataset = ['noted  bit-depth', 'noted  mixed-depth'];
    expect(told).toEqual(
      [...byFile.map(({ path, reason, severity }) => `${severity} ${path} ${reason}`), ...ofDataset].sort(),
    );
    expect(dataset.issues.every(({ message }) => message.length > 20 && message.endsWith('.'))).toBe(true);
    const leftOut = odd.filter(({ severity }) => severity === 'left-out');
    expect(dataset.sampleCount).toBe(200 - leftOut.length);
    expect(dataset.issueCounts).toEqual({ leftOut: 15, noted: 6 });
    expect(dataset.shape).toEqual([32, 32, 3]);
    for (const { path } of leftOut) expect(dataset.samples.sources).not.toContain(path);
    expect(dataset.dtype).toBe('uint16');
    expect(dataset.bytes).toBe(185 * 32 * 32 * 3 * 2);
    const duplicate = dataset.issues.find(({ reason }) => reason === 'duplicate');
    expect(duplicate?.message).toContain('dog/001.webp');
    const conflict = dataset.issues.find(({ reason }) => reason === 'duplicate-other-label');
    expect(conflict?.message).toMatch(/cat\/004\.png.*“cat”.*“dog”/);
  });
});
