import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readAnnotations } from '../../../../../src/data/recordings/formats/edf-annotations.ts';
import { readHeader } from '../../../../../src/data/recordings/formats/edf-header.ts';
import {
  edfOfAnnotations,
  type Annotation,
} from '../../../../../src/training/models/output/edf-annotations.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, name));

/** More than fit into one record, with signs beyond ASCII. */
const annotations: Annotation[] = Array.from({ length: 30 }, (_, at) => ({
  onset: at * 1234.56789 + 0.5,
  seconds: 10.25,
  text: ['wake', 'sleep – deep', 'Ünruhe'][at % 3]!,
}));

it('writes the bytes that pyedflib and MNE were seen to read rightly', () => {
  const bytes = edfOfAnnotations(annotations);
  expect(bytes.equals(fixture('edf-annotations.edf'))).toBe(true);
  const read = JSON.parse(fixture('edf-annotations.json').toString()) as Record<string, Annotation[]>;
  for (const seen of [read['pyedflib']!, read['mne']!]) {
    expect(seen.map(({ text }) => text)).toEqual(annotations.map(({ text }) => text));
    seen.forEach(({ onset, seconds }, at) => {
      expect(onset).toBeCloseTo(annotations[at]!.onset, 5);
      expect(seconds).toBe(10.25);
    });
  }
});

it('is read by the program itself, and keeps signs that part texts out of them', async () => {
  const bytes = edfOfAnnotations([{ onset: 1e-7, seconds: 86_400.5, text: 'a\x14b\x00c' }]);
  const source = {
    size: bytes.length,
    read: (start: number, count: number) =>
      Promise.resolve(Buffer.from(Uint8Array.from(bytes.subarray(start, start + count)))),
    close: () => Promise.resolve(),
  };
  const { events } = await readAnnotations(source, await readHeader(source));
  expect(events).toEqual([{ seconds: 0, duration: 86_400.5, name: 'a b c' }]);
});
