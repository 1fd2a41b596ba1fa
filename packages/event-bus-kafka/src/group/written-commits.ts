/**
 * The last two commits of a partition that this process asked the broker to keep: it is not known whether the last one
 * reached the broker.
 */
export class WrittenCommits {
  #commits: readonly WrittenCommit[];
  #offsets: readonly number[];

  /** @param offset where the group was when the partition was assigned @param metadata the text of that commit */
  constructor(offset: number, metadata: string | null) {
    this.#commits = [{ offset, metadata }];
    this.#offsets = [offset];
  }

  /** The offsets one of which is the group's, as far as this process knows. */
  get offsets(): readonly number[] {
    return this.#offsets;
  }

  /** The offset of the last commit. */
  get lastOffset(): number {
    return (this.#commits.at(-1) as WrittenCommit).offset;
  }

  note(offset: number, metadata: string | null): void {
    if (!this.isLast(offset, metadata)) this.#commits = [...this.#commits.slice(-1), { offset, metadata }];
    if (!this.#offsets.includes(offset)) this.#offsets = [...this.#offsets.slice(-1), offset];
  }

  isLast(offset: number, metadata: string | null): boolean {
    return isSame(this.#commits.at(-1) as WrittenCommit, { offset, metadata });
  }

  /** Whether the broker keeps this as far as this process knows. */
  has(offset: number, metadata: string | null): boolean {
    return this.#commits.some((commit) => isSame(commit, { offset, metadata }));
  }
}

interface WrittenCommit {
  readonly offset: number;
  readonly metadata: string | null;
}

/** Brokers return an empty text for none. */
function isSame(one: WrittenCommit, other: WrittenCommit): boolean {
  return one.offset === other.offset && (one.metadata ?? '') === (other.metadata ?? '');
}
