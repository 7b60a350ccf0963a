import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Theme as ThemeChoice } from '../../../../src/contract/messages/shell.ts';
import { settled, stubRunes } from '../runes.ts';

let systemDark = false;
let kept: ThemeChoice = 'system';
let changed: (event: { matches: boolean }) => void = () => undefined;
const page = { documentElement: { dataset: {} as Record<string, string> } };
const shown = () => page.documentElement.dataset['theme'];

beforeEach(() => {
  stubRunes();
  vi.resetModules();
  vi.stubGlobal('document', page);
  vi.stubGlobal('matchMedia', (query: string) => {
    expect(query).toBe('(prefers-color-scheme: dark)');
    return {
      matches: systemDark,
      addEventListener: (_name: string, listener: typeof changed) => (changed = listener),
    };
  });
  const pretext = {
    theme: () => Promise.resolve(kept),
    setTheme: (choice: ThemeChoice) => Promise.resolve((kept = choice)),
  };
  vi.stubGlobal('window', { pretext, addEventListener: () => undefined });
});
afterEach(() => vi.unstubAllGlobals());

async function themeWith(system: 'light' | 'dark', choice: ThemeChoice) {
  [systemDark, kept] = [system === 'dark', choice];
  const { Theme } = await import('../../../../renderer/state/theme.svelte.ts');
  const theme = new Theme();
  await settled();
  return theme;
}

it.each([
  ['light', 'system', 'light'],
  ['dark', 'system', 'dark'],
  ['dark', 'light', 'light'],
  ['light', 'dark', 'dark'],
] as const)('on a %s system with “%s” chosen is %s', async (system, choice, expected) => {
  const theme = await themeWith(system, choice);
  expect([theme.choice, theme.resolved, shown()]).toEqual([choice, expected, expected]);
});

it('follows the system while it is told to, and not after another choice', async () => {
  const theme = await themeWith('light', 'system');
  changed({ matches: true });
  expect(shown()).toBe('dark');
  await theme.choose('light');
  expect([shown(), kept]).toEqual(['light', 'light']);
  changed({ matches: false });
  changed({ matches: true });
  expect(shown()).toBe('light');
});
