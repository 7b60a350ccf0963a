import { expect, it } from 'vitest';
import { storedSize } from '../../../../../src/data/images/formats/stored-size.ts';

const size = (width: number, height: number) => ({ width, height });

it('stores squares of the side that was chosen', () => {
  expect(storedSize([size(10, 20)], 32)).toEqual(size(32, 32));
});

it('keeps the size of pictures that are alike, shrunk in proportion to at most 128', () => {
  expect(storedSize([size(96, 64), size(96, 64)], undefined)).toEqual(size(96, 64));
  expect(storedSize([size(256, 64)], undefined)).toEqual(size(128, 32));
  expect(storedSize([size(1280, 20)], undefined)).toEqual(size(128, 8));
});

it('makes squares of the median shorter side where they differ', () => {
  expect(storedSize([size(40, 60), size(90, 50), size(300, 200)], undefined)).toEqual(size(50, 50));
  expect(storedSize([size(400, 600), size(900, 500)], undefined)).toEqual(size(128, 128));
});
