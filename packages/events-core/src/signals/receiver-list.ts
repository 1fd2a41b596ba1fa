import type { ConnectedReceiver } from './signal-entry.js';

/**
 * The receivers of a signal, with unique names: those that must succeed, then the others, both in the order of connection.
 * Connecting n receivers takes time linear in n.
 */
export class ReceiverList {
  #byName = new Map<string, ConnectedReceiver>();
  /** Made again after a change and never changed itself, so that a running send keeps the list it started with. */
  #snapshot: readonly ConnectedReceiver[] | undefined;
  /** For names that several receivers were given: no smaller number is free. At most one entry for each of their names. */
  #nextNumbers = new Map<string, number>();

  get all(): readonly ConnectedReceiver[] {
    this.#snapshot ??= inOrder([...this.#byName.values()]);
    return this.#snapshot;
  }

  set all(receivers: readonly ConnectedReceiver[]) {
    this.#byName = new Map(receivers.map((connected) => [connected.name, connected]));
    this.#nextNumbers.clear();
    this.#snapshot = receivers;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  add(connected: ConnectedReceiver): void {
    this.#byName.set(connected.name, connected);
    this.#snapshot = undefined;
  }

  /** Removes a receiver, unless that was done before. */
  remove(connected: ConnectedReceiver): void {
    if (this.#byName.get(connected.name) !== connected) return;
    this.#byName.delete(connected.name);
    this.#snapshot = undefined;
    const number = NUMBERED.exec(connected.name);
    const next = number?.[1] === undefined ? undefined : this.#nextNumbers.get(number[1]);
    if (number?.[1] !== undefined && next !== undefined)
      this.#nextNumbers.set(number[1], Math.min(next, Number(number[2])));
    else this.#nextNumbers.delete(connected.name);
  }

  /** The name itself, or with the smallest number that makes it free: `name-2`, `name-3` and so on. */
  freeName(name: string): string {
    if (!this.has(name)) return name;
    let number = this.#nextNumbers.get(name) ?? 2;
    while (this.has(`${name}-${number}`)) number += 1;
    this.#nextNumbers.set(name, number);
    return `${name}-${number}`;
  }
}

function inOrder(receivers: readonly ConnectedReceiver[]): readonly ConnectedReceiver[] {
  const first = receivers.filter(({ mustSucceed }) => mustSucceed);
  return first.length === 0 ? receivers : [...first, ...receivers.filter(({ mustSucceed }) => !mustSucceed)];
}

const NUMBERED = /^(.*)-(\d+)$/s;
