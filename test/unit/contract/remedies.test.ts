import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('../../../src', import.meta.url));
/** Rooms whose errors reach the window as well as the command line. */
const SHARED = ['contract', 'data', 'learning', 'project', 'service', 'tensor', 'trainer', 'training'];

test('errors that the window shows too send nobody to the command line alone', () => {
  const found = SHARED.flatMap((room) =>
    readdirSync(join(source, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) =>
        readFileSync(join(source, room, name), 'utf8')
          .split('\n')
          .filter((line) => /[`"]pretext (data|doctor|project|recipe|run|runs|settings|study)\b/.test(line))
          .filter((line) => !/^\s*(\*|\/\/|\/\*\*)/.test(line))
          // Named beside the place in the window, or written into a recipe's file for whoever opens it.
          .filter(
            (line) =>
              !/under Settings|dataset’s page/.test(line) && !line.includes('A study of Pretext Studio'),
          )
          .map((line) => `${room}/${name}: ${line.trim()}`),
      ),
  );
  expect(found).toEqual([]);
});
