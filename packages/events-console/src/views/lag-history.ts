import type { GroupLag } from '@openedx-ts/events-core/operate';

/** The last samples of the lag of each group on each topic, taken while somebody looks. */
export class LagHistory {
  #samples = new Map<string, readonly number[]>();

  /** Adds a sample to each group of these lags; groups that are gone are forgotten. */
  add(lags: ReadonlyMap<string, number>): void {
    this.#samples = new Map(
      [...lags].map(([key, lag]) => [key, [...(this.#samples.get(key) ?? []), lag].slice(-MAX_SAMPLES)]),
    );
  }

  /** The oldest sample first. */
  of(key: string): readonly number[] {
    return this.#samples.get(key) ?? [];
  }
}

/** The key of a group on a topic; neither name holds a space. */
export function groupKey({ topic, groupId }: Pick<GroupLag, 'topic' | 'groupId'>): string {
  return `${topic} ${groupId}`;
}

const MAX_SAMPLES = 60;
