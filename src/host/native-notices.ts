/**
 * TensorFlow's library prints notices as it loads, before any setting can silence it. They tell a user
 * nothing, and stand in the way of what does.
 */
const NOTICES = [
  /^WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR\r?\n?/gm,
  /^I\d{4} .*oneDNN custom operations are on\..*\r?\n?/gm,
  /^I\d{4} .*This TensorFlow binary is optimized to use available CPU instructions.*\r?\n?/gm,
  /^To enable the following instructions: .*rebuild TensorFlow with the appropriate compiler flags\.\r?\n?/gm,
  /^W\d{4} .*because the TF_FORCE_GPU_ALLOW_GROWTH environment variable is set\..*\r?\n?/gm,
  // At the end of every step that several processes compute together.
  /^W\d{4} .*Local rendezvous is aborting with status: ABORTED: Cleanup .*\r?\n?/gm,
];

/** What a process printed, without those notices. */
export function withoutNativeNotices(text: string): string {
  return NOTICES.reduce((kept, notice) => kept.replace(notice, ''), text);
}
