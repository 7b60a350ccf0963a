/** Writes a shard: to a temporary name, flushed, then renamed, so that a shard is whole or not there. */
import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PretextError } from '../../contract/errors.ts';
import { makeFolder } from '../../machine/make-folder.ts';
import { giveName } from '../../machine/replace-file.ts';
import { writeAll } from '../../machine/write-all.ts';
import { describeBlocks } from './checksums.ts';

const BUFFER_BYTES = 4 * 1024 * 1024;

export class ShardWriter {
  /** Bytes appended so far: where the next append begins. */
  position = 0;
  readonly temporaryFile: string;
  private readonly finalFile: string;
  private readonly handle: FileHandle;
  private buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private filled = 0;
  private written = 0;
  private closed = false;
  private renamed = false;

  private constructor(finalFile: string, temporaryFile: string, handle: FileHandle) {
    this.finalFile = finalFile;
    this.temporaryFile = temporaryFile;
    this.handle = handle;
  }

  /** @throws PretextError `disk.cannot-write` when the folder takes no file. */
  static async create(finalFile: string): Promise<ShardWriter> {
    const temporaryFile = `${finalFile}.${process.pid}.tmp`;
    try {
      makeFolder(dirname(finalFile));
      return new ShardWriter(finalFile, temporaryFile, await open(temporaryFile, 'w+'));
    } catch (error) {
      throw writeFailure(error, finalFile);
    }
  }

  /** Appends a copy of `bytes`; the caller may reuse them when the promise is fulfilled. */
  async append(bytes: Uint8Array): Promise<void> {
    let start = 0;
    while (start < bytes.length) {
      if (this.filled === BUFFER_BYTES) await this.drain();
      const count = Math.min(bytes.length - start, BUFFER_BYTES - this.filled);
      this.buffer.set(bytes.subarray(start, start + count), this.filled);
      this.filled += count;
      start += count;
    }
    this.position += bytes.length;
  }

  /** Forgets everything from `position` on: what was appended last turned out to be of no use. */
  async rewind(position: number): Promise<void> {
    if (position > this.position)
      throw new Error(`Cannot rewind forward to ${position} from ${this.position}.`);
    if (position >= this.written) {
      this.filled = position - this.written;
    } else {
      await this.handle.truncate(position);
      this.written = position;
      this.filled = 0;
    }
    this.position = position;
  }

  /** Reads back what was appended; drains the buffer first. */
  async readBack(target: Uint8Array, position: number): Promise<void> {
    await this.drain();
    await this.handle.read(target, 0, target.length, position);
  }

  /** Writes bytes over what was appended before; drains the buffer first. */
  async overwrite(bytes: Uint8Array, position: number): Promise<void> {
    await this.drain();
    await writeAll(this.handle, bytes, position);
  }

  /** Everything is in the temporary file from here on, and can be read there. */
  async drain(): Promise<void> {
    try {
      await writeAll(this.handle, this.buffer.subarray(0, this.filled), this.written);
    } catch (error) {
      throw writeFailure(error, this.finalFile);
    }
    this.written += this.filled;
    this.filled = 0;
  }

  /** Puts checksums behind the samples, flushes to the disk and gives the shard its name. */
  async finish(): Promise<void> {
    try {
      await this.drain();
      const sums = await describeBlocks(this.handle, this.position);
      await writeAll(this.handle, sums, this.position);
      await this.handle.sync();
      await this.close();
      await giveName(this.temporaryFile, this.finalFile);
      this.renamed = true;
    } catch (error) {
      throw writeFailure(error, this.finalFile);
    }
  }

  /** Leaves no file behind, whether it was finished or not. */
  async discard(): Promise<void> {
    await this.close();
    await rm(this.renamed ? this.finalFile : this.temporaryFile, { force: true });
  }

  private async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.handle.close();
  }
}

function writeFailure(error: unknown, file: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new PretextError({
      code: 'disk.full',
      message: 'There is no space left on the disk for the imported samples.',
      place: file,
      remedy: 'Free some space, or move the project to a larger disk, and import again.',
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new PretextError({
      code: 'disk.cannot-write',
      message: 'The project folder cannot be written to.',
      place: file,
      remedy: 'Check the permissions of the project folder.',
    });
  }
  return error;
}
