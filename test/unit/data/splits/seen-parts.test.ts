import { describe, expect, it } from 'vitest';
import { seenParts } from '../../../../src/data/splits/seen-parts.ts';

describe('what a run saw', () => {
  it('is counted by part, with the groups of each and a hash of its samples', () => {
    const codes = Uint8Array.of(0, 2, 0, 1, 3);
    const { parts, parted } = seenParts(codes, Int32Array.of(0, 1, 0, 2, 1), (group) => `P${group}`);
    expect(parted).toBe(0);
    expect(parts.train).toEqual({
      samples: 2,
      groups: 1,
      names: ['P0'],
      // hashlib.sha256(struct.pack('<2i', 0, 2)).hexdigest()
      sha256: '2fcd151b8295e8b3bf8ec64ede173523417960a8db6cbc569de9a25a458f9135',
    });
    expect(parts.test).toMatchObject({ samples: 1, names: ['P1'] });
    expect(parts['left-out'].samples).toBe(1);
  });

  it('tells groups that stand in several parts', () => {
    const { parted } = seenParts(Uint8Array.of(0, 2, 0, 1), Int32Array.of(0, 0, 1, -1), String);
    expect(parted).toBe(1);
  });

  it('says nothing of names where there are no groups, or too many', () => {
    expect(seenParts(Uint8Array.of(0), null, String).parts.train.names).toBeUndefined();
    const many = Int32Array.from({ length: 600 }, (_, index) => index);
    const { parts } = seenParts(new Uint8Array(600), many, String);
    expect(parts.train).toMatchObject({ groups: 600, samples: 600 });
    expect(parts.train.names).toBeUndefined();
  });
});
