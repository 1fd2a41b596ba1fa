/**
 * Which of two positions of a lane comes first: negative when `a` does. The numbers in them decide, the first that
 * differs most: `0:9` before `0:17`, `1718-0` before `1718-1`.
 */
export function comparePositions(a: string, b: string): number {
  const [left, right] = [numbersIn(a), numbersIn(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [one, other] = [left[index] ?? -1n, right[index] ?? -1n];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

function numbersIn(position: string): readonly bigint[] {
  return (position.match(/\d+/g) ?? []).map(BigInt);
}
