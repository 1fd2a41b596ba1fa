/**
 * A readers-writer lock over all lanes of one consumer. Ordinary events are its readers: they enter shared. An event that
 * may crash the process is a writer: while it is inside, nothing else is. Writers enter in the order of their claims.
 * Between two writers each lane that waits may enter, so that neither side starves.
 */
export class ExclusiveGate {
  #period: SharedPeriod = { inside: 0 };
  /** Earlier periods with events still inside, for which an exclusive event has waited as long as it may. */
  readonly #outlasted = new Set<SharedPeriod>();
  /** The first one is inside, or waits until all shared ones have left. */
  readonly #claims: Claim[] = [];
  readonly #onOpen = new Set<() => void>();
  #isOpening = false;

  /**
   * Enters together with other ordinary events. Costs no promise.
   *
   * @param onOpen called once when entering was refused and may succeed now
   * @returns what `leaveShared` takes; undefined when an exclusive event is inside or waits for its turn
   */
  enterShared(onOpen: () => void): SharedPeriod | undefined {
    if (this.#claims.length > 0 && !this.#isOpening) {
      this.#onOpen.add(onOpen);
      return undefined;
    }
    this.#period.inside += 1;
    return this.#period;
  }

  leaveShared(period: SharedPeriod): void {
    period.inside -= 1;
    if (period.inside > 0) return;
    this.#outlasted.delete(period);
    this.#admit();
  }

  /**
   * Claims the gate for one event.
   *
   * @param onFirst called when there is no earlier claim (any more): from now on others wait for this one
   */
  exclusive(onFirst: () => void): ExclusiveClaim {
    let settle!: (isAlone: boolean) => void;
    const entered = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    const claim: Claim = {
      entered,
      settle,
      onFirst,
      share: () => this.#share(claim),
      leave: () => this.#remove(claim),
    };
    this.#claims.push(claim);
    if (this.#claims.length === 1) this.#advance();
    return claim;
  }

  /** Lets the next claim be the first. */
  #advance(): void {
    this.#claims[0]?.onFirst();
    this.#admit();
  }

  #admit(): void {
    const [first] = this.#claims;
    if (first === undefined || this.#isOpening) return;
    if (this.#outlasted.size > 0) first.settle(false);
    else if (this.#period.inside === 0) first.settle(true);
  }

  /** Those inside are not waited for again; the next claim waits for those that enter from now on. */
  #share(claim: Claim): SharedPeriod {
    const period = this.#period;
    period.inside += 1;
    if (this.#outlasted.size === 0) {
      this.#outlasted.add(period);
      this.#period = { inside: 0 };
    }
    this.#remove(claim);
    return period;
  }

  #remove(claim: Claim): void {
    const index = this.#claims.indexOf(claim);
    if (index === -1) return;
    this.#claims.splice(index, 1);
    claim.settle(false);
    if (index > 0) return;
    this.#isOpening = true;
    const waiting = [...this.#onOpen];
    this.#onOpen.clear();
    for (const onOpen of waiting) onOpen();
    this.#isOpening = false;
    this.#advance();
  }
}

/** The events that entered shared between two exclusive ones. */
export interface SharedPeriod {
  inside: number;
}

/** The claim of one event to be the only one inside. */
export interface ExclusiveClaim {
  /** Resolves with true when nothing else is inside; with false when that is not to be had, or the claim has left. */
  readonly entered: Promise<boolean>;
  /** Turns the claim into an ordinary, shared entry: others may enter, too. Leave with `leaveShared`. */
  share(): SharedPeriod;
  /** Leaves, or withdraws a claim that waits. Safe to call twice. */
  leave(): void;
}

interface Claim extends ExclusiveClaim {
  readonly settle: (isAlone: boolean) => void;
  readonly onFirst: () => void;
}
