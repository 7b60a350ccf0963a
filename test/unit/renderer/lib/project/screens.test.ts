import { expect, test } from 'vitest';
import {
  PLAIN_SCREENS,
  screenOfKey,
  screenOfStage,
  SCREENS,
  SIDEBAR,
  standsUnder,
  type ScreenName,
} from '../../../../../renderer/lib/project/screens.ts';
import { stagesOf } from '../../../../../renderer/lib/project/stages.ts';

const names = Object.keys(SCREENS) as ScreenName[];

test('the sidebar has every screen that is named for it, and each other screen stands under one of them', () => {
  expect(SIDEBAR).toEqual([
    ['overview', 'data', 'pretext', 'finetune', 'compare', 'models'],
    ['runs', 'settings'],
  ]);
  for (const name of names) expect(SIDEBAR.flat()).toContain(standsUnder(name));
});

test('a key leads to one screen', () => {
  const keys = names.flatMap((name) => SCREENS[name].key ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.map((key) => screenOfKey(key))).not.toContain(undefined);
  expect(screenOfKey('2')).toBe('data');
  expect(screenOfKey('9')).toBeUndefined();
});

test('each stage leads to a screen of its own', () => {
  const stages = stagesOf({ datasets: [], imports: [], runs: [], studies: [] });
  expect(stages.map(({ id }) => screenOfStage(id))).toEqual([
    'data',
    'pretext',
    'transfer',
    'finetune',
    'compare',
  ]);
});

test('what needs an id cannot be gone to by name alone', () => {
  expect(names.filter((name) => !(PLAIN_SCREENS as readonly string[]).includes(name))).toEqual([
    'model',
    'dataset',
    'recording',
    'run',
    'errors',
  ]);
});
