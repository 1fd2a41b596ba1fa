/** The error of the first partition, which kafkajs hides in its own error of a DeleteRecords request. */
export function deleteRecordsError(error: unknown): unknown {
  const { partitions } = (error ?? {}) as { readonly partitions?: readonly { readonly error?: unknown }[] };
  return (Array.isArray(partitions) ? partitions[0]?.error : undefined) ?? error;
}
