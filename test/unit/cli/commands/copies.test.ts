import { expect, it } from 'vitest';
import { copiesText } from '../../../../src/cli/commands/copies.ts';
import type { Dataset } from '../../../../src/contract/entities.ts';

const split = { validation: 10, test: 20 };
const told = (copies: Partial<NonNullable<Dataset['copies']>> | null) =>
  copiesText({ name: 'my “cells”', split, ...(copies && { copies }) } as Dataset);

it('says nothing before anybody looked, and that there are none', () => {
  expect(told(null)).toEqual([]);
  expect(told({ heldOut: 0, test: 0, training: 0, leftOutAt: null })).toEqual(['No copies across splits.']);
});

it('counts test and validation samples apart, and says what can be done, or was', () => {
  const copies = { heldOut: 5, test: 2, training: 1, leftOutAt: null };
  const found = '2 of 20 test and 3 of 10 validation samples are copies, or nearly so, of training samples';
  expect(told(copies)).toEqual([`Caution: ${found}: pretext data copies "my “cells”" --leave-out`]);
  expect(told({ ...copies, leftOutAt: '2026-01-01' })).toEqual([
    `${found}; 1 training sample left out of training for it`,
  ]);
});
