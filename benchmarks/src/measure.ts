/** One thing to time: how often it can be done in a second. */
export interface Subject {
  readonly name: string;
  /** Does it that many times. */
  readonly run: (times: number) => unknown;
}

/** Operations per second of each subject: one figure a round. */
export type Rates = ReadonlyMap<string, readonly number[]>;

/**
 * Times subjects in turn, round after round, so that a machine whose speed drifts slows all of them alike. Each round
 * of a subject lasts about `roundMs`; the first rounds warm up and do not count.
 */
export async function measure(
  subjects: readonly Subject[],
  options: { readonly rounds: number; readonly roundMs: number },
): Promise<Rates> {
  const rates = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  const times = new Map<string, number>(subjects.map(({ name }) => [name, 100]));
  const warmUps = 3;
  for (let round = 0; round < options.rounds + warmUps; round += 1) {
    for (const subject of subjects) {
      const count = times.get(subject.name) as number;
      const startedAt = performance.now();
      await subject.run(count);
      const rate = (count / (performance.now() - startedAt)) * 1000;
      times.set(subject.name, Math.max(1, Math.round((rate * options.roundMs) / 1000)));
      if (round >= warmUps) rates.get(subject.name)?.push(rate);
    }
  }
  return rates;
}

/** The middle one of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** How one subject compares with another: the median of the ratios round by round. */
export function ratio(rates: Rates, name: string, base: string): number {
  const bases = rates.get(base) ?? [];
  return median((rates.get(name) ?? []).map((rate, round) => rate / (bases[round] as number)));
}
