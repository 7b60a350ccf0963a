import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { addExplainCommand } from '../../../../src/cli/commands/explain.ts';
import { addModelCommands } from '../../../../src/cli/commands/models.ts';
import type { Environment } from '../../../../src/cli/environment.ts';
import type { HostedProcess } from '../../../../src/contract/messages/host.ts';
import type { ToTrainer } from '../../../../src/contract/messages/trainer.ts';
import { MODEL_FILE } from '../../../../src/contract/model/model.ts';
import { modelNote } from '../../../fixtures/models.ts';

const folder = mkdtempSync(join(tmpdir(), 'pretext-explain-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, MODEL_FILE), JSON.stringify(modelNote('aaaaaaaaaa-1').model));

/** What a trainer was asked, and what was printed of its answer. */
async function explain(...argv: string[]) {
  const asked: unknown[] = [];
  const start = (): HostedProcess => {
    let tell: (message: unknown) => void = () => {};
    return {
      send(raw) {
        const message = raw as ToTrainer;
        if (message.type !== 'ask') return;
        asked.push(message.question);
        const value = {
          values: [0.25, 0.75],
          target: 1,
          maps: [],
          panel: { kind: 'image', width: 8, height: 8, png: '' },
          nearest: [],
          written: null,
        };
        tell({ type: 'answer', id: message.id, value });
      },
      onMessage(listener) {
        tell = listener;
        queueMicrotask(() => listener({ type: 'ready' }));
        return () => {};
      },
      onExit: () => {},
      end: () => {},
      kill: () => {},
      openPort: () => {
        throw new Error('no port is asked for');
      },
    };
  };
  const stdout = new PassThrough();
  const environment: Environment = {
    host: { start },
    stdout,
    stderr: new PassThrough(),
    folder,
    onInterrupt: () => () => {},
  };
  const program = new Command().exitOverride();
  addExplainCommand(program, environment);
  addModelCommands(program, environment);
  await program.parseAsync(['node', 'pretext', ...argv]);
  return { asked, printed: String(stdout.read()) };
}

test('a sample is explained with the class and the decimal sign that were named', async () => {
  const { asked, printed } = await explain(
    'explain',
    '.',
    'a.csv row 2',
    '--class',
    'left',
    '--decimal',
    'comma',
  );
  expect(asked).toEqual([
    {
      model: folder,
      from: { kind: 'file', source: join(folder, 'a.csv row 2'), decimal: 'comma' },
      target: 0,
    },
  ]);
  expect(printed).toContain('right: 0.750');
});

test('a class that the model does not know is said, with those that it knows, before anything is read', async () => {
  await expect(explain('explain', '.', 'a.csv', '--class', 'up')).rejects.toThrow(
    'The model has no class “up”. It answers: left, right.',
  );
});

test('whoever looks for a list of models is told its command', async () => {
  await expect(explain('model', 'list', '--json')).rejects.toThrow('Models are listed by `pretext models`.');
});
