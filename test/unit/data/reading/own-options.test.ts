import { expect, test } from 'vitest';
import { PretextError } from '../../../../src/contract/errors.ts';
import { importSchema } from '../../../../src/contract/data/import.ts';
import { findReader } from '../../../../src/data/readers/registry.ts';
import { ownOptions } from '../../../../src/data/reading/own-options.ts';

const codeOf = (format: string, options: object) => {
  try {
    ownOptions(findReader(format)!, importSchema.parse({ path: '.', ...options }));
    return null;
  } catch (error) {
    if (error instanceof PretextError) return error.failure.code;
    throw error;
  }
};

test('a column of a label file that is not given is refused', () => {
  for (const format of ['image-folder', 'edf']) {
    expect(codeOf(format, { labelColumn: 'foo' })).toBe('import.no-label-file');
    expect(codeOf(format, { fileColumn: 'foo' })).toBe('import.no-label-file');
    expect(codeOf(format, { labelColumn: 'foo', labels: 'labels.csv' })).toBeNull();
    expect(codeOf(format, { labelColumn: 'foo', pathPattern: '{foo}/{id}.png' })).toBeNull();
  }
});

test('columns of the data themselves need no label file', () => {
  for (const format of ['delimited-signals', 'delimited-table'])
    expect(codeOf(format, { labelColumn: 'foo' })).toBeNull();
});
