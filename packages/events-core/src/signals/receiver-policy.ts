import { count, durationMs, type OptionRule, type OptionRules, oneOf } from '../runtime/resolve-options.js';

/**
 * What happens when a receiver fails for an event that came over a bus. An option that is not given is that of one level
 * up: a receiver's own policy wins over that of its event type, and that over the consumer's options.
 */
export interface ReceiverPolicy {
  /** Attempts of a receiver, the first one included; `Infinity` for no limit. @defaultValue 5 */
  readonly maxAttempts?: number | undefined;
  /**
   * Wait before the second attempt, in milliseconds; doubled for each further one. As an option of a consumer it is also
   * the first wait before an unreachable broker, registry or database is tried again. @defaultValue 100
   */
  readonly initialBackoffMs?: number | undefined;
  /** Longest wait between two attempts, in milliseconds, also while something is unreachable. @defaultValue 10000 */
  readonly maxBackoffMs?: number | undefined;
  /**
   * How long one attempt of a receiver may take, in milliseconds; then its `abortSignal` fires and the attempt counts as
   * failed, noticed at most a second late. `Infinity` for no limit. @defaultValue 300000
   */
  readonly receiverTimeoutMs?: number | undefined;
  /**
   * What becomes of an event whose receivers still fail after the last attempt. `'drop'` acknowledges it without a dead
   * letter, as the Python buses do; `'stop'` does not acknowledge it and ends `run` with an error.
   * @defaultValue 'dead-letter'
   */
  readonly onFailure?: 'dead-letter' | 'drop' | 'stop' | undefined;
}

/** A policy in which everything is decided. */
export type ResolvedReceiverPolicy = {
  readonly [K in keyof ReceiverPolicy]-?: NonNullable<ReceiverPolicy[K]>;
};

/** The rules of a policy in which everything is decided. */
export const receiverPolicyRules: OptionRules<ResolvedReceiverPolicy> = {
  maxAttempts: count(1, 5, { allowInfinity: true }),
  initialBackoffMs: durationMs(100),
  maxBackoffMs: durationMs(10_000),
  receiverTimeoutMs: durationMs(300_000, { moreThanZero: true }),
  onFailure: oneOf(['dead-letter', 'drop', 'stop'], 'dead-letter'),
};

/** The rules of a policy that may leave things to the level above. */
export const partialPolicyRules: OptionRules<ReceiverPolicy> = {
  maxAttempts: optionalRule(receiverPolicyRules.maxAttempts),
  initialBackoffMs: optionalRule(receiverPolicyRules.initialBackoffMs),
  maxBackoffMs: optionalRule(receiverPolicyRules.maxBackoffMs),
  receiverTimeoutMs: optionalRule(receiverPolicyRules.receiverTimeoutMs),
  onFailure: optionalRule(receiverPolicyRules.onFailure),
};

/** One policy over another: what the first leaves open is the second's. */
export function policyOver(
  policy: ReceiverPolicy | undefined,
  base: ResolvedReceiverPolicy,
): ResolvedReceiverPolicy {
  if (policy === undefined) return base;
  return {
    maxAttempts: policy.maxAttempts ?? base.maxAttempts,
    initialBackoffMs: policy.initialBackoffMs ?? base.initialBackoffMs,
    maxBackoffMs: policy.maxBackoffMs ?? base.maxBackoffMs,
    receiverTimeoutMs: policy.receiverTimeoutMs ?? base.receiverTimeoutMs,
    onFailure: policy.onFailure ?? base.onFailure,
  };
}

function optionalRule<T>({ problem }: OptionRule<T>): OptionRule<T | undefined> {
  return { problem, defaultValue: undefined };
}
