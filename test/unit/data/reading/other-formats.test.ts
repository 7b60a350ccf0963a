import { expect, test } from 'vitest';
import { findReader, readers } from '../../../../src/data/readers/registry.ts';
import type { Listing } from '../../../../src/data/reading/listing.ts';
import { otherFormats } from '../../../../src/data/reading/other-formats.ts';

const listed = (paths: string[]) =>
  ({
    isFile: false,
    files: paths.map((path) => ({ path, absolute: `/data/${path}` })),
  }) as unknown as Listing;
const of = (paths: string[], format: string, labels?: string) =>
  otherFormats(listed(paths), findReader(format)!, readers, labels).map(({ message }) => message);

test('files of another format are told, with the format that reads them', () => {
  const paths = ['a/1.png', 'a/2.png', 'b/3.csv', 'b/4.csv', 'b/5.csv.gz'];
  expect(of(paths, 'image-folder')).toEqual([
    '2 files are read as “Folder of images”; 3 CSV files (“Signals in text files (CSV)”) beside them are not read with these.',
  ]);
  expect(of(['x/1.png', 'x/2.jpg', 'x/3.png', 'x/4.png', 'x/5.csv'], 'delimited-signals')).toEqual([
    '1 file is read as “Signals in text files (CSV)”; 3 PNG files (“Folder of images”) beside them are not read with these.',
  ]);
});

test('a table of labels, notes and the parts of a recording are no data of their own', () => {
  expect(of(['1.png', '2.png', 'labels.csv', 'more.csv', 'readme.txt'], 'image-folder')).toEqual([]);
  expect(of(['1.png', '2.csv', '3.csv', '4.csv'], 'image-folder', '/data/2.csv')).toEqual([]);
  expect(of(['100.hea', '100.dat', '101.hea', '101.dat', '102.hea', '102.dat'], 'wfdb')).toEqual([]);
});
