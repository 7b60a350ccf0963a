import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NotDone, type Environment } from '../../../../src/cli/environment.ts';
import { folderOrName, interruptible, modelAt } from '../../../../src/cli/session/models.ts';
import { MODEL_FILE } from '../../../../src/contract/model/model.ts';
import { modelNote } from '../../../fixtures/models.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

function kept(content: string) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'mine'));
  writeFileSync(join(folder, 'mine', MODEL_FILE), content);
  return { folder } as Environment;
}

it('takes the folder of a model by its path, and anything else for a name', async () => {
  const environment = kept(JSON.stringify(modelNote('aaaaaaaaaa-1').model));
  const found = await modelAt(environment, 'mine', {});
  expect([found.folder, found.model.id]).toEqual([join(environment.folder, 'mine'), 'aaaaaaaaaa-1']);
  expect(folderOrName(environment, 'mine')).toBe(join(environment.folder, 'mine'));
  expect(folderOrName(environment, 'baseline-1')).toBe('baseline-1');
});

it('says what is wrong with a folder: no model, or one that it does not know', async () => {
  const environment = kept('{}');
  await expect(modelAt(environment, 'mine', {})).rejects.toMatchObject({ failure: { code: 'model.broken' } });
  await expect(modelAt(environment, '.', {})).rejects.toMatchObject({ failure: { code: 'model.missing' } });
});

/** An environment whose Ctrl-C the test presses. */
function pressing() {
  let press = () => {};
  let listens = false;
  const onInterrupt = (listener: () => void) => {
    press = listener;
    listens = true;
    return () => void (listens = false);
  };
  return {
    environment: { onInterrupt } as unknown as Environment,
    press: () => press(),
    listens: () => listens,
  };
}

it('ends work in order at Ctrl-C, and says that it goes on from there', async () => {
  const { environment, press, listens } = pressing();
  const work = interruptible(environment, async (signal) => {
    press();
    throw new Error(signal.aborted ? 'the work noticed' : 'the work did not notice');
  });
  await expect(work).rejects.toThrow(NotDone);
  await expect(work).rejects.toThrow('The same command goes on from here.');
  expect(listens()).toBe(false);
});

it('gives what the work gave, or its own failure', async () => {
  const { environment, listens } = pressing();
  expect(await interruptible(environment, async () => 7)).toBe(7);
  await expect(interruptible(environment, () => Promise.reject(new Error('own')))).rejects.toThrow('own');
  expect(listens()).toBe(false);
});
