/**
 * Who computes a job: a small file with the process's mark and a heartbeat. Two workers on one job would write into the
 * same folder; the second is refused while the first lives, wherever it runs.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { PretextError } from '../contract/errors.ts';
import { HEARTBEAT_MS, thisProcess, watchLives, type Life, type LifeSign } from '../machine/processes.ts';
import { writeFileWhole } from '../machine/whole-file.ts';

const signSchema = z.object({
  pid: z.number().int(),
  host: z.string(),
  birth: z.string().nullable(),
  token: z.string(),
  heartbeatMs: z.number(),
});

/** Nobody takes a claim over before its heartbeat has stopped for many times as long. */
const LOOK_MS = HEARTBEAT_MS / 2;

export interface Claim {
  /** Whether it is still ours, as far as the last look says: somebody who took us for dead may have taken it. */
  holds(): boolean;
  release(): void;
}

/** @throws PretextError `job.claimed` while another process computes it */
export async function claimJob(file: string): Promise<Claim> {
  await waitUntilFree(file);
  const sign: LifeSign = { ...thisProcess(), token: randomUUID(), heartbeatMs: Date.now() };
  takeName(file, sign);
  const beating = setInterval(() => {
    sign.heartbeatMs = Date.now();
    try {
      if (isOurs()) writeFileWhole(file, JSON.stringify(sign));
    } catch {
      // A disk that is full now may have room at the next beat. The work itself says what it could not write.
    }
  }, HEARTBEAT_MS);
  beating.unref();
  const isOurs = () => readSign(file)?.token === sign.token;
  let looked = { atMs: performance.now(), held: true };
  return {
    // Asked at each word of a trainer.
    holds() {
      const now = performance.now();
      if (looked.held && now - looked.atMs >= LOOK_MS) looked = { atMs: now, held: isOurs() };
      return looked.held;
    },
    release() {
      clearInterval(beating);
      if (isOurs()) rmSync(file, { force: true });
    },
  };
}

/**
 * Whether whoever began a job is still there, asked again and again by somebody who only looks on: a process elsewhere
 * is known to be gone once its heartbeat has stopped for long, and one that has left by that its claim is gone.
 */
export function watchClaims(watch = watchLives()): (file: string) => Life {
  return (file) => {
    const sign = readSign(file);
    return sign === null ? 'gone' : watch.judge(sign);
  };
}

async function waitUntilFree(file: string): Promise<void> {
  const watch = watchLives();
  for (;;) {
    const sign = readSign(file);
    if (!sign) {
      // Not there, or no claim of ours at all.
      rmSync(file, { force: true });
      return;
    }
    const life = watch.judge(sign);
    if (life === 'alive') throw claimed(file, sign.host);
    if (life === 'gone') {
      rmSync(file, { force: true });
      return;
    }
    await sleep(HEARTBEAT_MS / 2);
  }
}

/** The name appears with its content, and for one process alone, whoever else comes at the same moment. */
function takeName(file: string, sign: LifeSign): void {
  const temporary = `${file}.${sign.token}`;
  writeFileSync(temporary, JSON.stringify(sign));
  try {
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw claimed(file, readSign(file)?.host ?? null);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function readSign(file: string): LifeSign | null {
  try {
    return signSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Not there, or not whole: either way nobody says that it is theirs.
    return null;
  }
}

function claimed(file: string, host: string | null): PretextError {
  return new PretextError({
    code: 'job.claimed',
    message: `Another process computes this job${host ? ` on ${host}` : ''}.`,
    place: file,
    remedy: 'Wait for it, or end it first.',
  });
}
