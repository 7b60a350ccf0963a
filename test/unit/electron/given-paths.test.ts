import { expect, test } from 'vitest';
import { keepGivenPaths, pathsAmong } from '../../../electron/given-paths.ts';

test('paths are taken from what a shell or a menu entry gives, and nothing else', () => {
  const argv = [
    '/opt/program',
    '--no-sandbox',
    'study.pretext',
    'file:///home/me/my%20data',
    '',
    'https://x/y',
  ];
  expect(pathsAmong(argv, 1, '/home/me')).toEqual(['/home/me/study.pretext', '/home/me/my data']);
});

test('a checkout’s folder is the program, not something to open', () => {
  expect(pathsAmong(['electron', '--inspect=0', '/checkout', '/a.pretext'], 2, '/')).toEqual(['/a.pretext']);
  expect(pathsAmong(['electron', '/checkout'], 2, '/')).toEqual([]);
});

test('what was given is told, and taken once', () => {
  let told = 0;
  const given = keepGivenPaths(() => told++);
  given.add([]);
  given.add(['/a', '/b']);
  given.add(['/c']);
  expect(told).toBe(2);
  expect(given.take()).toEqual(['/a', '/b', '/c']);
  expect(given.take()).toEqual([]);
});
