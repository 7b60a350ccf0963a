import { expect, it } from 'vitest';
import { engineWishesSchema, hostOf } from '../../../../src/contract/elsewhere/engine.ts';

it('takes a computer apart from its cores, an address with colons too', () => {
  expect(hostOf('anna@lab1:8')).toEqual({ host: 'anna@lab1', cores: 8 });
});

it('takes what a shell leaves as it is, and nothing else', () => {
  expect(engineWishesSchema.safeParse({ partition: 'gpu-a.100' }).success).toBe(true);
  for (const wrong of [
    { partition: 'a; rm -rf /' },
    { hosts: ['lab1'] },
    { hosts: ['lab1:0'] },
    { limit: 0 },
  ])
    expect(engineWishesSchema.safeParse(wrong).success).toBe(false);
  expect(engineWishesSchema.safeParse({ hosts: ['lab1'] }).error?.issues[0]?.message).toBe(
    'must be a computer with its cores, as lab1:8. Found: "lab1".',
  );
});
