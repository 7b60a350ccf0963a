import { expect, test } from 'vitest';
import { renderNotes } from '../../../../build/installers/release-notes.mjs';

const release = {
  version: '1.2.0',
  commit: 'abc123',
  date: new Date('2026-03-04T00:00:00Z'),
  fallbackElectron: false,
  signed: true,
  files: [{ name: 'studio.deb', bytes: 310_000_000, sha256: 'f'.repeat(64) }],
  parts: [
    { title: 'TensorFlow', bytes: 540_000_000 },
    { title: 'Electron', bytes: 200_000_000 },
  ],
  changes: ['Do this', 'Do that'],
};

test('release notes name the commit, each file with its checksum, the parts with their sum, and the changes', () => {
  const notes = renderNotes(release);
  for (const line of [
    '# Pretext Studio 1.2.0',
    'From commit abc123 of 2026-03-04.',
    `| studio.deb | 310.0 | \`${'f'.repeat(64)}\` |`,
    '| together, installed | 740.0 |',
    '- Do this',
  ])
    expect(notes.split('\n')).toContain(line);
});

test('they say what is not signed, and what is no program to hand on', () => {
  const notes = renderNotes({ ...release, signed: false, fallbackElectron: true, commit: null, changes: [] });
  expect(notes).toContain('not signed');
  expect(notes).toContain('not for shipping');
  expect(notes).toContain('without a history');
});
