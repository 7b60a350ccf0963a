import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bringFile, bringModel } from '../../../../src/service/elsewhere/bring.ts';
import { modelNote } from '../../../fixtures/models.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const changed = (place: string) => ({
  failure: {
    code: 'bundle.changed',
    message:
      'A file that a job made is gone, or not what the job said of it. Nothing of this job was taken over.',
    place,
    remedy: 'Copy the results again from where they were computed, or submit the job again alone.',
  },
});

describe('a file of a job', () => {
  const job = () => {
    const [folder, project] = [temporaryFolder(), temporaryFolder()];
    mkdirSync(join(folder, 'checkpoints'));
    writeFileSync(join(folder, 'checkpoints', 'a.safetensors'), 'weights');
    return { folder, project };
  };

  it('is brought where it is what the job said, twice without harm', async () => {
    const { folder, project } = job();
    const note = { file: 'a.safetensors', sha256: hashOf('weights') };
    for (const _ of [1, 2]) await bringFile(folder, project, 'checkpoints', note);
    expect(readFileSync(join(project, 'checkpoints', 'a.safetensors'), 'utf8')).toBe('weights');
    expect(readdirSync(join(project, 'checkpoints'))).toEqual(['a.safetensors']);
  });

  it('is left where it is another, gone, or named so that it would lie elsewhere', async () => {
    const { folder, project } = job();
    const bring = (file: string, text = 'weights') =>
      bringFile(folder, project, 'checkpoints', { file, sha256: hashOf(text) });
    await expect(bring('a.safetensors', 'others')).rejects.toMatchObject(
      changed(join(folder, 'checkpoints', 'a.safetensors')),
    );
    await expect(bring('b.safetensors')).rejects.toMatchObject(
      changed(join(folder, 'checkpoints', 'b.safetensors')),
    );
    writeFileSync(join(folder, 'secret'), 'weights');
    await expect(bring('../secret')).rejects.toMatchObject(changed('../secret'));
    await expect(bring('.hidden')).rejects.toMatchObject(changed('.hidden'));
    expect(existsSync(join(project, 'checkpoints'))).toBe(false);
  });
});

describe('a model of a job', () => {
  const id = 'aaaaaaaaaa-1';
  const made = (description?: string) => {
    const [folder, project] = [temporaryFolder(), temporaryFolder()];
    const [member] = modelNote(id).model.members;
    const note = modelNote(id, { members: [{ ...member!, sha256: hashOf('weights'), bytes: 7 }] });
    const from = join(folder, 'models', id);
    mkdirSync(from, { recursive: true });
    mkdirSync(join(project, 'models'));
    writeFileSync(join(from, 'weights.safetensors'), 'weights');
    writeFileSync(join(from, 'model.json'), description ?? JSON.stringify(note.model));
    return { folder, project, note, from };
  };

  it('is brought as a whole folder', async () => {
    const { folder, project, note } = made();
    await bringModel(folder, project, note);
    expect(readdirSync(join(project, 'models'))).toEqual([id]);
    expect(readFileSync(join(project, 'models', id, 'weights.safetensors'), 'utf8')).toBe('weights');
    expect(JSON.parse(readFileSync(join(project, 'models', id, 'model.json'), 'utf8'))).toEqual(note.model);
  });

  it.each([
    ['no JSON', '{"id":'],
    ['of no model', '{}'],
    ['of another', JSON.stringify(modelNote('bbbbbbbbbb-1').model)],
  ])('is left where its description is %s', async (_, description) => {
    const { folder, project, note, from } = made(description);
    await expect(bringModel(folder, project, note)).rejects.toMatchObject(changed(join(from, 'model.json')));
    expect(readdirSync(join(project, 'models'))).toEqual([]);
  });

  it('is left where a part is another than the job said', async () => {
    const { folder, project, note, from } = made();
    writeFileSync(join(from, 'weights.safetensors'), 'others!');
    await expect(bringModel(folder, project, note)).rejects.toMatchObject(
      changed(join(from, 'weights.safetensors')),
    );
  });
});
