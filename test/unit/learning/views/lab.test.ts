import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { greyOfLightness, labToRgb, rgbToLab } from '../../../../src/learning/views/lab.ts';
import { areaResize } from '../../../../src/learning/views/resize.ts';
import { tf } from '../../../../src/tensor/index.ts';
import { bytesOf, maxDifference } from '../helpers.ts';

/** From scikit-image: color-fixture.py. */
const fixture = JSON.parse(readFileSync(new URL('../color-fixture.json', import.meta.url), 'utf8')) as Record<
  'rgb' | 'lab' | 'plainLab' | 'plainRgb',
  number[][]
>;

describe('CIELAB', () => {
  it('is that of scikit-image, for corners, dark and random colours', () => {
    expect(maxDifference(rgbToLab(tf.tensor2d(fixture.rgb)), tf.tensor2d(fixture.lab))).toBeLessThan(0.02);
  });

  it('goes back as scikit-image does, and cuts what no screen shows', () => {
    const found = labToRgb(tf.tensor2d(fixture.plainLab));
    expect(maxDifference(found, tf.tensor2d(fixture.plainRgb))).toBeLessThan(0.1);
  });

  it('comes back to where it began', () => {
    const images = tf.cast(bytesOf([2, 5, 5, 3]), 'float32');
    expect(maxDifference(labToRgb(rgbToLab(images)), images)).toBeLessThan(0.05);
  });

  it('gives grey of the same lightness in all three channels', () => {
    const grey = greyOfLightness(tf.tensor4d([0, 25, 50, 100], [1, 2, 2, 1]));
    const [first, second, third] = tf.split(grey, 3, 3);
    expect(maxDifference(first!, second!)).toBeLessThan(0.1);
    expect(maxDifference(first!, third!)).toBeLessThan(0.1);
    // Grey 119 has lightness 50.03 (scikit-image).
    expect(first!.dataSync()[2]).toBeCloseTo(118.9, 0);
    expect(Array.from(first!.dataSync())[3]).toBeCloseTo(255, 1);
  });
});

describe('smaller images', () => {
  it('hold means over whole blocks where sides divide evenly', () => {
    const images = tf.cast(bytesOf([2, 8, 6, 2]), 'float32');
    const blocks = tf.mean(tf.reshape(images, [2, 4, 2, 3, 2, 2]), [2, 4]);
    expect(maxDifference(areaResize(images, [4, 3]), blocks)).toBeLessThan(1e-3);
  });

  it('keep the mean where they do not: 3 pixels to 2 take halves of the one between', () => {
    const line = tf.tensor4d([3, 6, 12], [1, 1, 3, 1]);
    const found = Array.from(areaResize(line, [1, 2]).dataSync());
    expect(found[0]).toBeCloseTo((3 + 6 / 2) / 1.5, 5);
    expect(found[1]).toBeCloseTo((6 / 2 + 12) / 1.5, 5);
  });
});
