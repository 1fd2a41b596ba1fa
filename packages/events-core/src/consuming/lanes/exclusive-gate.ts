/**
 * A readers-writer lock over all lanes of one consumer. Ordinary events are its readers: they enter shared. An event that
 * may crash the process is a writer: while it is inside, nothing else is. Writers enter in the order of their requests.
 * Between two writers each lane that waits may enter, so that neither side starves.
 */
export class ExclusiveGate {
  #period: SharedPeriod = { inside: 0 };
  /** Earlier periods with events still inside, for which an exclusive event has waited as long as it may. */
  readonly #outlasted = new Set<SharedPeriod>();
  /** The first one is inside, or waits until all shared ones have left. */
  readonly #requests: Request[] = [];
  readonly #onOpen = new Set<() => void>();
  #isOpening = false;

  /**
   * Enters together with other ordinary events. Costs no promise.
   *
   * @param onOpen called once when entering was refused and may succeed now
   * @returns what `leaveShared` takes; undefined when an exclusive event is inside or waits for its turn
   */
  enterShared(onOpen: () => void): SharedPeriod | undefined {
    if (this.#requests.length > 0 && !this.#isOpening) {
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
   * Requests the gate for one event.
   *
   * @param onFirst called when there is no earlier request (any more): from now on others wait for this one
   */
  requestExclusive(onFirst: () => void): ExclusiveRequest {
    let settle!: (isAlone: boolean) => void;
    const entered = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    const request: Request = {
      entered,
      settle,
      onFirst,
      share: () => this.#share(request),
      leave: () => this.#remove(request),
    };
    this.#requests.push(request);
    if (this.#requests.length === 1) this.#advance();
    return request;
  }

  /** Lets the next request be the first. */
  #advance(): void {
    this.#requests[0]?.onFirst();
    this.#admit();
  }

  #admit(): void {
    const [first] = this.#requests;
    if (first === undefined || this.#isOpening) return;
    if (this.#outlasted.size > 0) first.settle(false);
    else if (this.#period.inside === 0) first.settle(true);
  }

  /** Those inside are not waited for again; the next request waits for those that enter from now on. */
  #share(request: Request): SharedPeriod {
    const period = this.#period;
    period.inside += 1;
    if (this.#outlasted.size === 0) {
      this.#outlasted.add(period);
      this.#period = { inside: 0 };
    }
    this.#remove(request);
    return period;
  }

  #remove(request: Request): void {
    const index = this.#requests.indexOf(request);
    if (index === -1) return;
    this.#requests.splice(index, 1);
    request.settle(false);
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

/** The request of one event to be the only one inside. */
export interface ExclusiveRequest {
  /**
   * Resolves with true when nothing else is inside; with false when an earlier event is inside that is no longer waited
   * for, or the request has left.
   */
  readonly entered: Promise<boolean>;
  /** Turns the request into an ordinary, shared entry: others may enter, too. Leave with `leaveShared`. */
  share(): SharedPeriod;
  /** Leaves, or withdraws a request that waits. Safe to call twice. */
  leave(): void;
}

interface Request extends ExclusiveRequest {
  readonly settle: (isAlone: boolean) => void;
  readonly onFirst: () => void;
}
