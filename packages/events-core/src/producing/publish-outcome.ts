/**
 * What became of one message of a batch. `notAttempted`: it was not written, because an earlier message of its key failed;
 * it is sent again with the next batch, behind that message if it is retried.
 */
export type PublishOutcome =
  | { readonly position: string }
  | { readonly error: unknown }
  | { readonly notAttempted: true };
