/** Families whose networks also take samples of other sides than those they were built for: patches, segments. */
export const anySizeFamilies: readonly string[] = ['residual', 'plain', 'convnext'];
