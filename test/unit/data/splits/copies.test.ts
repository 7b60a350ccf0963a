/** Copies that are planted before an import never part between splits. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { groupSamples, withCopies } from '../../../../src/data/splits/groups.ts';
import { createRandom } from '../../../../src/data/shards/random.ts';
import { SampleTable } from '../../../../src/data/reading/sample-table.ts';
import { folderOf, importFrom } from '../../../fixtures/imports.ts';

const SIDE = 20;
const EACH = 40;
const raw = { width: SIDE, height: SIDE, channels: 1 as const };

/** Smooth pictures, no two alike. */
function picture(seed: number): Uint8Array {
  const random = createRandom(seed, 11);
  const waves = Array.from({ length: 5 }, () => [
    1 + random.below(4),
    1 + random.below(4),
    random.below(628) / 100,
  ]);
  return Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [y, x] = [Math.floor(at / SIDE) / SIDE, (at % SIDE) / SIDE];
    const sum = waves.reduce((total, [a, b, c]) => total + Math.sin(3 * (a! * y + b! * x) + c!), 0);
    return Math.round(128 + 20 * sum);
  });
}

const png = async (pixels: Uint8Array) => new Uint8Array(await sharp(pixels, { raw }).png().toBuffer());
const jpeg = async (pixels: Uint8Array) =>
  new Uint8Array(await sharp(pixels, { raw }).jpeg({ quality: 85 }).toBuffer());

/** Two classes of forty, one of them with two further versions of each of ten of its pictures. */
async function pictures(prefix = ''): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (let at = 0; at < EACH; at++) {
    files[`${prefix}cat/${at}.png`] = await png(picture(at));
    files[`${prefix}dog/${at}.png`] = await png(picture(1000 + at));
  }
  for (let at = 0; at < 10; at++) {
    files[`${prefix}cat/${at}-stored.jpg`] = await jpeg(picture(at));
    files[`${prefix}cat/${at}-brighter.png`] = await png(
      picture(at).map((value) => Math.min(255, value + 12)),
    );
  }
  return files;
}

type Imported = Awaited<ReturnType<typeof importFrom>>;
const splitsOf = ({ samples }: Imported) =>
  new Map(samples.sources.map((source, at) => [source, samples.splits[at]!]));
/** How many of the ten stand in more than one split. */
function parted(dataset: Imported, prefix = ''): number {
  const splits = splitsOf(dataset);
  return Array.from({ length: 10 }, (_, at) =>
    ['.png', '-stored.jpg', '-brighter.png'].map((end) => splits.get(`${prefix}cat/${at}${end}`)),
  ).filter((found) => new Set(found).size > 1).length;
}
const test = { by: 'random', validation: 0.2, test: 0.2, seed: 3 };
const grey = { images: { color: 'grey' } };

describe('a random split', () => {
  it('keeps copies together, every class in proportion, and says so', async () => {
    const folder = await folderOf(await pictures());
    const dataset = await importFrom(folder, { ...grey, split: test });
    expect(dataset.sampleCount).toBe(100);
    expect(parted(dataset)).toBe(0);
    expect(dataset.split).toMatchObject({
      rule: { copies: 'together' },
      copies: { samples: 30, groups: 10 },
      groups: 0,
    });
    expect(dataset.split.by).toContain('copies kept together (30 samples in 10 groups)');
    for (const { name, train, validation, test: held } of dataset.classes) {
      const all = name === 'cat' ? EACH + 20 : EACH;
      expect(train + validation + held).toBe(all);
      expect(Math.abs(validation - 0.2 * all), `${name}, validation`).toBeLessThanOrEqual(3);
      expect(Math.abs(held - 0.2 * all), `${name}, test`).toBeLessThanOrEqual(3);
    }
    // Only copies are named as a group, by the first of them.
    const groups = new Map(dataset.samples.sources.map((source, at) => [source, dataset.samples.groups[at]]));
    expect(groups.get('cat/3-brighter.png')).toBe(groups.get('cat/3.png'));
    expect(groups.get('cat/3.png')).toMatch(/^copies of cat\/3/);
    expect(groups.get('dog/3.png')).toBeNull();
  });

  it('parts them where that is asked for, and without copies is the same either way', async () => {
    const files = await pictures();
    const all = await importFrom(await folderOf(files), { ...grey, split: { ...test, copies: 'apart' } });
    expect(parted(all)).toBeGreaterThan(3);
    expect(all.split).not.toHaveProperty('copies');
    const clean = await folderOf(
      Object.fromEntries(Object.entries(files).filter(([name]) => !name.includes('-'))),
    );
    const [kept, apart] = [
      await importFrom(clean, { ...grey, split: test }),
      await importFrom(clean, { ...grey, split: { ...test, copies: 'apart' } }),
    ];
    expect([...kept.samples.splits]).toEqual([...apart.samples.splits]);
    expect([kept.copiesSeconds !== null, apart.copiesSeconds]).toEqual([true, null]);
  });
});

describe('a split by folder without validation data', () => {
  it('keeps together the copies among those that validation data are drawn from', async () => {
    const folder = await folderOf({
      ...(await pictures('train/')),
      'test/cat/1.png': await png(picture(7000)),
      'test/dog/1.png': await png(picture(7001)),
    });
    const dataset = await importFrom(folder, { ...grey, split: { by: 'folder' } });
    expect(dataset.split.validation).toBeGreaterThan(5);
    expect(parted(dataset, 'train/')).toBe(0);
    // Copies across the folders themselves are still to be looked for.
    expect(dataset.copiesSeconds).toBeNull();
  });
});

describe('groups of the user', () => {
  const options = {
    ...grey,
    labels: undefined,
    pathPattern: '{site}/{label}/{file}.png',
    group: 'site',
    split: test,
  };
  const sites = async () => {
    const files: Record<string, Uint8Array> = {};
    for (let site = 0; site < 8; site++)
      for (let at = 0; at < 6; at++)
        for (const [number, name] of ['cat', 'dog'].entries())
          files[`s${site}/${name}/${at}.png`] = await png(picture(site * 100 + at * 2 + number));
    // Two sites hold the same picture, one a little brighter.
    files['s5/cat/again.png'] = await png(picture(200).map((value) => Math.min(255, value + 9)));
    return files;
  };
  const groupsOf = ({ samples }: Imported) => [...new Set(samples.groups)].toSorted();

  it('stay as they are, or are joined where they share a copy', async () => {
    const folder = await folderOf(await sites());
    const left = await importFrom(folder, options);
    expect(groupsOf(left)).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7']);
    expect(left.copiesSeconds).toBeNull();
    const joined = await importFrom(folder, { ...options, split: { ...test, copies: 'together' } });
    expect(groupsOf(joined)).toEqual(['s0', 's1', 's2 + s5', 's3', 's4', 's6', 's7']);
    const splits = splitsOf(joined);
    expect(splits.get('s5/dog/1.png')).toBe(splits.get('s2/dog/1.png'));
  });

  it('that share copies by way of a third are one', () => {
    const table = new SampleTable();
    for (const group of ['a', 'b', 'c', 'd'])
      for (let at = 0; at < 2; at++) {
        const file = table.addFile({ path: `${group}${at}`, folderSplit: -1, columns: { group } });
        table.add({ offset: 0, file, row: -1, label: 0, number: NaN, block: 0 });
      }
    const grouping = groupSamples(table, 'group', false, false);
    // a0 ~ b1 and b0 ~ d0.
    const { ids, names, copies } = withCopies(table, grouping, Int32Array.of(0, 1, 2, 0, 4, 5, 2, 7));
    expect([...ids!].map((id) => names.at(id))).toEqual([
      ...Array<string>(4).fill('a + b + d'),
      ...Array<string>(2).fill('c'),
      ...Array<string>(2).fill('a + b + d'),
    ]);
    expect(copies).toEqual({ samples: 4, groups: 2 });
  });

  it('that are very many have a name of a few of them', () => {
    const table = new SampleTable();
    for (let at = 0; at < 1000; at++) {
      const file = table.addFile({ path: `${at}`, folderSplit: -1, columns: { group: `p${at}` } });
      table.add({ offset: 0, file, row: -1, label: 0, number: NaN, block: 0 });
    }
    const grouping = groupSamples(table, 'group', false, false);
    const { ids, names } = withCopies(table, grouping, new Int32Array(1000));
    expect(new Set(ids)).toEqual(new Set([0]));
    expect(names.at(0)).toBe('p0 + p1 + p2 + p3 + p4 + p5 + p6 + p7 + 992 others');
  });
});
