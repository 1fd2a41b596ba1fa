/** What came of hostile input. */
export interface HostileResult {
  readonly bus: string;
  readonly seed: number;
  /** Attacks, with a good event behind each. */
  readonly attacks: number;
  /** Attacks that the broker itself refused, in whole or in part. */
  readonly refused: number;
  /** The longest time from the sending of a good event until the slowest group had handled it. */
  readonly slowestMs: number;
  /** The most resident memory of a consumer, in MB. */
  readonly maxRssMb: number;
  /** The longest turn of a consumer's event loop, in milliseconds of processor time. */
  readonly longestTurnMs: number;
  /** Dead letters of all groups. */
  readonly deadLetters: number;
  readonly durationMs: number;
  /** What did not hold, with the input that broke it. */
  readonly broken: readonly string[];
}

/** The figures as one line for people. */
export function hostileFiguresOf(result: HostileResult): string {
  const { bus, seed, attacks, refused, slowestMs, maxRssMb, longestTurnMs, deadLetters, durationMs } = result;
  return [
    `hostile on ${bus}: ${attacks.toLocaleString('en')} attacks (${refused} refused by the broker)`,
    `${deadLetters.toLocaleString('en')} dead letters`,
    `slowest good event ${slowestMs} ms`,
    `at most ${maxRssMb} MB`,
    `longest turn ${longestTurnMs} ms`,
    `${(durationMs / 1_000).toFixed(1)} s, seed ${seed}`,
  ].join(', ');
}
