/** Whether an error only means that the reader of stdout has closed it, as `head` does. */
export function isReaderClosed(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}
