/** Where the words of the budget chart stand. */

/**
 * Heights of labels beside the ends of lines, moved apart so that none covers another: at least `gap` between
 * two, in the order of the ends and as near to them as that allows.
 */
export function spreadLabels(ends: readonly number[], gap: number): number[] {
  const order = ends.map((_, i) => i).sort((a, b) => ends[a]! - ends[b]!);
  let groups = order.map((i) => ({ members: [i], center: ends[i]! }));
  const height = (members: readonly number[]) => (members.length - 1) * gap;
  for (let moved = true; moved;) {
    moved = false;
    const next: typeof groups = [];
    for (const group of groups) {
      const last = next.at(-1);
      if (
        last &&
        group.center - height(group.members) / 2 - (last.center + height(last.members) / 2) < gap - 1e-9
      ) {
        const members = [...last.members, ...group.members];
        last.members = members;
        last.center = members.reduce((sum, i) => sum + ends[i]!, 0) / members.length;
        moved = true;
      } else next.push(group);
    }
    groups = next;
  }
  const places = [...ends];
  for (const { members, center } of groups)
    members.forEach((i, rank) => (places[i] = center - height(members) / 2 + rank * gap));
  return places;
}

/** Label counts to write below a logarithmic axis: the ends, and of the others those that leave room. */
export function logTicks(counts: readonly number[], leastShare: number): number[] {
  const inOrder = [...new Set(counts)].sort((a, b) => a - b);
  const last = inOrder.at(-1);
  const first = inOrder[0];
  if (first === undefined || last === undefined || first === last) return inOrder;
  const place = (count: number) => Math.log(count / first) / Math.log(last / first);
  const ticks = [first];
  for (const count of inOrder.slice(1, -1))
    if (place(count) - place(ticks.at(-1)!) >= leastShare && 1 - place(count) >= leastShare)
      ticks.push(count);
  return [...ticks, last];
}
