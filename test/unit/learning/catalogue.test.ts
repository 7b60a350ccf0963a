import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encoderDescriptionSchema, pretextTaskDescriptionSchema } from '../../../src/contract/catalogue.ts';
import { describeEncoders, describePretextTasks } from '../../../src/learning/catalogue.ts';

type Field = { title?: string; description?: string; default?: unknown; properties?: Record<string, Field> };

/** Every field at any depth that is no group. */
function leaves(schema: Field): Field[] {
  return Object.values(schema.properties ?? {}).flatMap((field) =>
    field.properties ? leaves(field) : [field],
  );
}

describe('the catalogue', () => {
  it('describes every encoder and task as the contract wants it', () => {
    for (const encoder of describeEncoders())
      expect(encoderDescriptionSchema.safeParse(encoder).success).toBe(true);
    for (const task of describePretextTasks())
      expect(pretextTaskDescriptionSchema.safeParse(task).success).toBe(true);
  });

  it('has SimCLR for all kinds of data, masked reconstruction for those with sides, rotation for images', () => {
    const kinds = Object.fromEntries(describePretextTasks().map(({ id, modalities }) => [id, modalities]));
    expect(kinds).toMatchObject({
      simclr: ['image', 'signal', 'table'],
      rotation: ['image'],
      'masked-reconstruction': ['image', 'signal'],
    });
  });

  it('says which encoders a task can use: all that fit its data, unless the task chooses', () => {
    const families = Object.fromEntries(describePretextTasks().map(({ id, encoders }) => [id, encoders]));
    expect(families['masked-autoencoder']).toEqual(['vit']);
    expect(families['simclr']).toEqual(expect.arrayContaining(['residual', 'plain', 'convnext', 'vit']));
    const known = describeEncoders().map(({ id }) => id);
    for (const encoders of Object.values(families)) {
      expect(encoders!.length).toBeGreaterThan(0);
      expect(known).toEqual(expect.arrayContaining(encoders!));
    }
  });

  it('uses no id twice for one kind of data', () => {
    for (const list of [describeEncoders(), describePretextTasks()]) {
      const ids = list.flatMap(({ id, modalities }) => modalities.map((modality) => `${modality}/${id}`));
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('has a title, a sentence of help and a default for every option', () => {
    for (const { options } of [...describeEncoders(), ...describePretextTasks()]) {
      const fields = leaves(options as Field);
      expect(fields.length).toBeGreaterThan(0);
      for (const field of fields) {
        expect(field.title).toBeTruthy();
        expect(field.description).toMatch(/\w/);
        expect(field.default).toBeDefined();
      }
    }
  });

  it('loads without the native library', () => {
    const catalogue = fileURLToPath(new URL('../../../src/learning/catalogue.ts', import.meta.url));
    const script = `const { describePretextTasks } = await import(${JSON.stringify(catalogue)});
      console.log(describePretextTasks().length, process.report.getReport().sharedObjects.filter((name) => name.includes('libtensorflow')).length);`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(output.trim()).toBe(`${describePretextTasks().length} 0`);
  });
});
