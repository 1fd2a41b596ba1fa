/** Whether the same event may be accepted later. */
export function isRetryable(error: unknown): boolean {
  return (error as { readonly retryable?: unknown }).retryable === true;
}

/** Whether the same event gets the same error again. Of an error without `retryable`, neither is known. */
export function isFinal(error: unknown): boolean {
  return (error as { readonly retryable?: unknown }).retryable === false;
}
