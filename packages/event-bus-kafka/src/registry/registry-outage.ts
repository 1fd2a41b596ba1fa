import type { InfrastructureError } from '@openedx-ts/events-core';
import { backoffMs, FailureLog, runtime } from '@openedx-ts/events-core/bus';

/**
 * The outage of a registry: after a failure, requests back off, and those in between fail at once. An outage is logged when
 * it starts, then at growing intervals, and when it ends.
 */
export class RegistryOutage {
  readonly #log: FailureLog;
  #failures = 0;
  #current: { readonly until: number; readonly error: InfrastructureError } | undefined;

  /** @param url of the registry; only its host is logged */
  constructor(url: string) {
    const { host } = new URL(url);
    this.#log = new FailureLog({
      failing: `the schema registry at ${host} does not work; requests are retried. Check that it runs, and EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL`,
      recovered: `the schema registry at ${host} works again`,
    });
  }

  /** The error of the last request; undefined when it succeeded. */
  get error(): InfrastructureError | undefined {
    return this.#current?.error;
  }

  /** The error that requests fail with while they back off; undefined when the next one may be sent. */
  get backoffError(): InfrastructureError | undefined {
    return this.#isBackingOff() ? this.#current?.error : undefined;
  }

  /** Notes that a request failed. Requests that were in flight at the same time count once. */
  failed(error: InfrastructureError): void {
    const { clock, random } = runtime();
    if (!this.#isBackingOff()) this.#failures += 1;
    const waitMs = backoffMs(this.#failures, { initialMs: 250, maxMs: 1_000 }, random);
    this.#current = { until: clock.monotonic() + waitMs, error };
    this.#log.failed(error);
  }

  /** Notes that a request succeeded. */
  recovered(): void {
    this.#failures = 0;
    this.#current = undefined;
    this.#log.recovered();
  }

  #isBackingOff(): boolean {
    return this.#current !== undefined && runtime().clock.monotonic() < this.#current.until;
  }
}
