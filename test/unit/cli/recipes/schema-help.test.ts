import { expect, test } from 'vitest';
import { fieldsHelp, RECIPE_HELP } from '../../../../src/cli/recipes/schema-help.ts';
import { PretextError } from '../../../../src/contract/errors.ts';
import { buildCatalogue } from '../../../../src/service/recipes/catalogue.ts';

const catalogue = buildCatalogue();

test('the help of a study stays short, and says where the rest is', () => {
  expect(RECIPE_HELP.split('\n').length).toBeLessThan(6);
  expect(RECIPE_HELP).toContain('`pretext recipe fields`');
});

test('without a topic: the fields, and the topics there are', () => {
  const help = fieldsHelp(catalogue);
  expect(help).toContain('pretext:');
  expect(help).toContain('Pretext tasks (pretext.task): ');
  for (const { id } of [...catalogue.tasks, ...catalogue.encoders, ...catalogue.readers])
    expect(help).toContain(id);
});

test('a topic is a field, the import, or the id of a format, an encoder or a task', () => {
  expect(fieldsHelp(catalogue, 'finetune')).toMatch(/^finetune: .*\n {2}/);
  expect(fieldsHelp(catalogue, 'import')).toContain('labelColumn');
  expect(fieldsHelp(catalogue, 'simclr')).toContain('Pretext tasks:\n  simclr: SimCLR');
  expect(fieldsHelp(catalogue, 'simclr').split('\n').length).toBeLessThan(120);
});

test('what is no topic gets a near one', () => {
  const failing = () => fieldsHelp(catalogue, 'simcrl');
  expect(failing).toThrow(PretextError);
  expect(failing).toThrow('Did you mean “simclr”?');
});
