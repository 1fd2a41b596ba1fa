/**
 * Counts names that stand in headers, which anybody may have written: they are cut to 200 characters, and beyond a thousand
 * of them the others are counted together as `(others)`.
 */
export class NameCounts {
  readonly #counts = new Map<string | null, number>();

  /** @param name null for no name */
  add(name: string | null): void {
    const cut = name !== null && name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
    const counted = this.#counts.has(cut) || this.#counts.size < MAX_NAMES ? cut : OTHERS;
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + 1);
  }

  /** Each name with its count, the most frequent first. */
  get all(): readonly (readonly [name: string | null, count: number])[] {
    return [...this.#counts].sort(([, one], [, other]) => other - one);
  }
}

const MAX_NAME_LENGTH = 200;
const MAX_NAMES = 1_000;
const OTHERS = '(others)';
