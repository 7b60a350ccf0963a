import { describe, expect, it } from 'vitest';
import { placeOnHead, positionOf } from '../../../../../src/data/signals/together/electrode-positions.ts';
import measured from '../../../../fixtures/together/electrodes.json' with { type: 'json' };

const degrees = (a: readonly number[], b: readonly number[]) =>
  (Math.acos(Math.min(1, a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!)) * 180) / Math.PI;

describe('electrodes on a head that is a sphere', () => {
  it('lie where the rule of tenths puts them', () => {
    expect(positionOf('Cz')).toEqual([0, 0, 1]);
    expect(degrees(positionOf('Fz')!, positionOf('Cz')!)).toBeCloseTo(46, 9);
    expect(degrees(positionOf('C3')!, positionOf('Cz')!)).toBeCloseTo(46, 9);
    expect(degrees(positionOf('T7')!, positionOf('Cz')!)).toBeCloseTo(92, 9);
    expect(degrees(positionOf('Oz')!, positionOf('Fpz')!)).toBeCloseTo(176, 9);
    // F3 is in the middle between Fz and F7, as the crow flies along their row.
    expect(degrees(positionOf('F3')!, positionOf('Fz')!)).toBeCloseTo(
      degrees(positionOf('F3')!, positionOf('F7')!),
      9,
    );
  });

  it('lie on a head from above as far from the top as along the head', () => {
    expect(placeOnHead('Cz')).toEqual({ x: 0, y: 0 });
    const near = (name: string, x: number, y: number) => {
      const place = placeOnHead(name)!;
      expect(place.x).toBeCloseTo(x, 9);
      expect(place.y).toBeCloseTo(y, 9);
    };
    near('T8', 1, 0);
    near('Fpz', 0, 1);
    near('Oz', 0, -1);
    near('C3', -0.5, 0);
    near('Iz', 0, -1.25);
    // On the ring, half of a right angle from the ear to the back but one tenth.
    near('P8', Math.cos(Math.PI / 5), -Math.sin(Math.PI / 5));
    expect(placeOnHead('EMG')).toBeNull();
  });

  it('are all of length one, and mirrored', () => {
    for (const name of Object.keys(measured.directions))
      expect(Math.hypot(...positionOf(name)!)).toBeCloseTo(1, 9);
    const [left, right] = [positionOf('FC5')!, positionOf('FC6')!];
    expect([-left[0], left[1], left[2]]).toEqual([...right]);
  });

  it('are found whatever way they are written; others have none', () => {
    expect(positionOf('EEG T3-REF')).toEqual(positionOf('T7'));
    expect(positionOf('FP1.')).toEqual(positionOf('Fp1'));
    for (const name of ['EMG1', 'A1', 'Fp5', '1', 'ECG']) expect(positionOf(name)).toBeNull();
  });

  it('lie where the sphere of BioSemi’s cap has them, whose angles are rounded', () => {
    const apart = Object.entries(measured.biosemi64).map(
      ([name, direction]) => [name, degrees(positionOf(name)!, direction)] as const,
    );
    expect(Math.max(...apart.map(([, angle]) => angle))).toBeLessThan(4);
  });

  it('lie near those of a measured head, seen from the centre of the sphere that fits it', () => {
    const apart = Object.entries(measured.directions).map(([name, direction]) =>
      degrees(positionOf(name)!, direction),
    );
    expect(Math.max(...apart)).toBeLessThan(12);
  });
});
