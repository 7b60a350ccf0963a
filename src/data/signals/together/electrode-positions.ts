/**
 * Where the electrodes of the 10–20 and 10–10 systems lie on a head that is a sphere: the system's own rule in steps of
 * 10 % of the arcs (Klem et al. 1999; Oostenveld and Praamstra, Clin. Neurophysiol. 112, 2001). The sphere is that of
 * the upper head, as BESA, BioSemi and EEGLAB have it: a step from the top is 23°, so the ring of Fpz, T7 and Oz lies at
 * 92°.
 */
import { electrodeOf } from '../../../contract/data/recordings/electrodes.ts';

/** On the unit sphere: right, front, up. */
export type Position = readonly [x: number, y: number, z: number];

/** Rows from the front to the back: where the middle lies, and where its end on the ring, both in steps. */
const ROWS: Record<string, { middle: number; ring: number }> = {
  Fp: { middle: 4, ring: 1 },
  AF: { middle: 3, ring: 2 },
  F: { middle: 2, ring: 3 },
  FC: { middle: 1, ring: 4 },
  FT: { middle: 1, ring: 4 },
  C: { middle: 0, ring: 5 },
  T: { middle: 0, ring: 5 },
  CP: { middle: -1, ring: 6 },
  TP: { middle: -1, ring: 6 },
  P: { middle: -2, ring: 7 },
  PO: { middle: -3, ring: 8 },
  O: { middle: -4, ring: 9 },
};
/** From the top down, and around the ring. */
const DOWN = (23 * Math.PI) / 180;
const AROUND = Math.PI / 10;

/** The position of an electrode, whatever way it is written; null for what is none of the 10–10 system. */
export function positionOf(name: string): Position | null {
  const electrode = electrodeOf(name);
  const found = electrode === null ? null : /^([A-Za-z]+?)(z|\d+)$/.exec(electrode);
  if (!found) return null;
  const [, row, side] = found as unknown as [string, string, string];
  if (electrode === 'Nz') return onMiddle(5);
  if (electrode === 'Iz') return onMiddle(-5);
  const place = ROWS[row];
  if (!place) return null;
  if (side === 'z') return row === 'FT' || row === 'T' || row === 'TP' ? null : onMiddle(place.middle);
  const number = Number(side);
  const sign = number % 2 === 1 ? -1 : 1;
  // 1 and 2, 3 and 4, … are as far from the middle.
  const outwards = Math.ceil(number / 2);
  const onRight = between(row, place, outwards);
  return onRight && [sign * onRight[0], onRight[1], onRight[2]];
}

/**
 * Where an electrode lies on the head as it is seen from above: distances from the top stay what they are along the
 * head, and the ring of Fpz, T7 and Oz has radius 1. Null for what is none of the 10–10 system.
 */
export function placeOnHead(name: string): { x: number; y: number } | null {
  const position = positionOf(name);
  if (!position) return null;
  const [x, y, z] = position;
  const across = Math.hypot(x, y);
  const radius = across === 0 ? 0 : Math.acos(Math.max(-1, Math.min(1, z))) / (4 * DOWN) / across;
  return { x: x * radius, y: y * radius };
}

/** On the right half; null where the row has no such place. */
function between(row: string, { middle, ring }: { middle: number; ring: number }, outwards: number) {
  const isEnd = row === 'Fp' || row === 'O';
  if (outwards === 5) return onRing(ring, 5 * DOWN);
  if (isEnd) return outwards === 1 ? onRing(ring, 4 * DOWN) : null;
  if (outwards === 4) return onRing(ring, 4 * DOWN);
  return outwards <= 3 ? onArc(onMiddle(middle), onRing(ring, 4 * DOWN), outwards / 4) : null;
}

const onMiddle = (steps: number): Position => [0, Math.sin(steps * DOWN), Math.cos(steps * DOWN)];

/** @param steps around the head from the front, to the right */
const onRing = (steps: number, fromTop: number): Position => [
  Math.sin(fromTop) * Math.sin(steps * AROUND),
  Math.sin(fromTop) * Math.cos(steps * AROUND),
  Math.cos(fromTop),
];

/**
 * A share of the way from the middle of a row to its right end, on the circle through both ends and the middle: a plane
 * that stands upright on the head's middle cuts the sphere in it.
 */
function onArc(middle: Position, end: Position, share: number): Position {
  // The circle lies in the plane through (0, y, z) and (x, y', z'), (-x, y', z'): its centre is on the middle plane.
  const along: [number, number] = [end[1] - middle[1], end[2] - middle[2]];
  const length = Math.hypot(...along);
  if (length === 0) return middle;
  const unit: [number, number] = [along[0] / length, along[1] / length];
  // In the plane: the middle at 0, the end at (x, length); a circle through both whose centre is at (0, radius).
  const radius = (end[0] ** 2 + length ** 2) / (2 * length);
  const angle = Math.atan2(end[0], radius - length) * share;
  const [across, towards] = [radius * Math.sin(angle), radius * (1 - Math.cos(angle))];
  return [across, middle[1] + unit[0] * towards, middle[2] + unit[1] * towards];
}
