/** The way bytes go. */
export type Direction = 'toServer' | 'toClient';

/** Which connections, and which way of them, a fault concerns. */
export interface Where {
  /** @defaultValue both */
  readonly direction?: Direction;
  /** Only connections whose client has sent this text within its first 4,096 bytes, such as the name of a client. */
  readonly sent?: string;
}

/** One way of a connection, as faults look at it. */
export interface Way {
  readonly direction: Direction;
  /** The first bytes that the client sent. */
  readonly sent: string;
}

type Kind = 'latencyMs' | 'bytesPerSecond' | 'endDelayMs';

/** What a proxy does to connections now. Of several faults of a kind that concern a connection the last one counts. */
export class Faults {
  readonly held: Record<Direction, boolean> = { toServer: false, toClient: false };
  readonly #rules: { readonly kind: Kind; readonly value: number; readonly where: Where }[] = [];

  add(kind: Kind, value: number, where: Where): void {
    this.#rules.push({ kind, value, where });
  }

  clear(): void {
    this.held.toServer = false;
    this.held.toClient = false;
    this.#rules.length = 0;
  }

  latencyMs(way: Way): number {
    return this.#value('latencyMs', way) ?? 0;
  }

  bytesPerSecond(way: Way): number {
    return this.#value('bytesPerSecond', way) ?? Number.POSITIVE_INFINITY;
  }

  endDelayMs(way: Way): number {
    return this.#value('endDelayMs', way) ?? 0;
  }

  #value(kind: Kind, { direction, sent }: Way): number | undefined {
    return this.#rules.findLast(
      ({ kind: of, where }) =>
        of === kind &&
        (where.direction ?? direction) === direction &&
        (where.sent === undefined || sent.includes(where.sent)),
    )?.value;
  }
}
