import { describe, expect, it } from 'vitest';
import {
  type RUN_GROUPS,
  runIs,
  runStatusSchema,
  STUDY_GROUPS,
  studyIs,
  studyStatusSchema,
} from '../../../src/contract/status.ts';

const runsIn = (group: keyof typeof RUN_GROUPS) =>
  runStatusSchema.options.filter((status) => runIs(group, { status }));

describe('groups of statuses', () => {
  it('of runs: one has ended or is open, and an open one runs or is pending', () => {
    expect([...runsIn('open'), ...runsIn('ended')]).toEqual(runStatusSchema.options);
    expect(new Set([...runsIn('pending'), 'running'])).toEqual(new Set(runsIn('open')));
    expect(new Set([...runsIn('lost'), 'done'])).toEqual(new Set(runsIn('ended')));
    // What runs or starts by itself can be paused; all that is open otherwise was stopped by somebody, or is computed elsewhere.
    expect(runsIn('open').filter((status) => !runIs('going', { status }))).toEqual(['paused', 'away']);
  });

  it('of studies: one has ended or is open; a failed one is continued when its recipe is started again', () => {
    const { options } = studyStatusSchema;
    expect(options.filter((status) => studyIs('open', { status }) === studyIs('ended', { status }))).toEqual(
      [],
    );
    expect(
      options.filter((status) => studyIs('ended', { status }) && studyIs('unfinished', { status })),
    ).toEqual(['failed']);
    expect(STUDY_GROUPS.going).not.toContain('paused');
  });
});
