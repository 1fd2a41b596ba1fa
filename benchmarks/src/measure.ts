/** One thing to time: how often it can be done in a second. */
export interface Subject {
  readonly name: string;
  /** Does it that many times. */
  readonly run: (times: number) => unknown;
  /** What has to be done before each round, and is not timed. */
  readonly prepare?: (times: number) => unknown;
  /** Times in a round, where they cannot be chosen freely. @defaultValue as many as `roundMs` takes */
  readonly times?: number;
}

/** How long to measure. */
export interface Timing {
  readonly rounds: number;
  readonly roundMs: number;
}

/** Operations per second of each subject: one figure a round. */
export type Rates = ReadonlyMap<string, readonly number[]>;

/**
 * Times subjects in turn, round after round, so that a machine whose speed drifts slows all of them alike. Each round
 * of a subject lasts about `roundMs`; the first rounds warm up and do not count.
 */
export async function measure(subjects: readonly Subject[], { rounds, roundMs }: Timing): Promise<Rates> {
  const rates = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  const times = new Map<string, number>();
  for (let round = 0; round < rounds + warmUps; round += 1) {
    for (const { name, run, prepare, times: fixed } of subjects) {
      const count = fixed ?? times.get(name) ?? 100;
      await prepare?.(count);
      const startedAt = performance.now();
      await run(count);
      const rate = (count / (performance.now() - startedAt)) * 1000;
      times.set(name, Math.max(1, Math.round((rate * roundMs) / 1000)));
      if (round >= warmUps) rates.get(name)?.push(rate);
    }
  }
  return rates;
}

/** How often each subject is run in all, with the rounds that warm up. */
export function roundsOf({ rounds }: Timing): number {
  return rounds + warmUps;
}

const warmUps = 3;

/** The middle one of some figures. */
export function median(figures: readonly number[]): number {
  return quantile(figures, 0.5);
}

/** The figure that this part of all figures does not exceed. */
export function quantile(figures: readonly number[], part: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)] as number, sorted[Math.ceil(at)] as number];
  return low + (high - low) * (at - Math.floor(at));
}

/** How one subject compares with another: the median of the ratios round by round. */
export function ratio(rates: Rates, name: string, base: string): number {
  const bases = rates.get(base) ?? [];
  return median((rates.get(name) ?? []).map((rate, round) => rate / (bases[round] as number)));
}
