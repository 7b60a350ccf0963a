/**
 * What the system refuses for a reason that lies outside of the program and may pass: a full disk, a permission, a
 * disk that does not answer. Work that meets one pauses with the reason; nothing that it made is thought broken.
 */
interface Circumstance {
  code: string;
  message: string;
  remedy: string;
  /** Beginnings of the codes that the system and SQLite give. */
  codes: readonly string[];
  /** The same path will be too long tomorrow. */
  stays?: true;
}

const CIRCUMSTANCES: readonly Circumstance[] = [
  {
    code: 'disk.full',
    codes: ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'],
    message: 'The disk is full.',
    remedy: 'Free some space.',
  },
  {
    code: 'disk.permission',
    codes: ['EACCES', 'EPERM', 'EROFS', 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_PERM'],
    message: 'The system does not allow it: permission is missing, or the disk may only be read.',
    remedy: 'Give yourself permission there.',
  },
  {
    code: 'disk.no-answer',
    codes: ['EIO', 'ENXIO', 'ENODEV', 'ESTALE', 'ETIMEDOUT', 'EHOSTDOWN', 'EHOSTUNREACH', 'SQLITE_IOERR'],
    message: 'The disk does not answer as it should.',
    remedy: 'See that the disk is there and sound (a network disk connected, a removable one plugged in).',
  },
  {
    code: 'system.too-many-files',
    codes: ['EMFILE', 'ENFILE'],
    message: 'Too many files are open on this machine.',
    remedy: 'Close other programs.',
  },
  {
    code: 'project.broken',
    codes: ['SQLITE_CORRUPT', 'SQLITE_NOTADB'],
    stays: true,
    message: 'The database of the project is damaged.',
    remedy:
      'Close the project and repair it: all that can still be read is saved. Or put it back from a backup.',
  },
  {
    code: 'path.too-long',
    codes: ['ENAMETOOLONG'],
    stays: true,
    message: 'The path is longer than this system allows.',
    remedy: 'Move the project to a folder with a shorter path.',
  },
];

/** Null where the error is none of them. The place is the file that the system names, or the one given. */
export function circumstanceOf(
  thrown: unknown,
  place?: string,
): { code: string; message: string; place?: string; remedy: string } | null {
  const {
    code: given,
    path,
    message,
  } = (thrown ?? {}) as { code?: unknown; path?: unknown; message?: unknown };
  // TensorFlow's library knows no codes, only the system's words.
  const code = String(message).includes('No space left on device') ? 'ENOSPC' : given;
  if (typeof code !== 'string') return null;
  const found = CIRCUMSTANCES.find(({ codes }) => codes.some((one) => code.startsWith(one)));
  if (!found) return null;
  const where = place ?? (typeof path === 'string' ? path : undefined);
  return {
    code: found.code,
    message: `${found.message} (${code})`,
    ...(where !== undefined && { place: where }),
    remedy: found.remedy,
  };
}

const PASSING = [
  ...CIRCUMSTANCES.filter(({ stays }) => !stays).map(({ code }) => code),
  'disk.temporary',
  'checkpoint.unreadable',
  'checkpoint.missing',
];

/** Whether a run that met this failure can go on as it was once the reason is gone. */
export const mayPass = ({ code }: { code: string }): boolean => PASSING.includes(code);
