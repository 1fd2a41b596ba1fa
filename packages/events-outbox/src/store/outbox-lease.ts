/** The lease of the relay, one row. A relay that sees `term` and `beat` stand still for `leaseMs` may take it. */
export interface OutboxLease {
  readonly holder: string;
  readonly host: string;
  /** Grows when the lease changes hands. */
  readonly term: bigint;
  /** Grows with each renewal. */
  readonly beat: bigint;
}
