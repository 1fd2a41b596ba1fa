/** How the records of a batch are compressed. Its place in the list is Kafka's number of it. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** The name of a compression, as in Kafka's `compression.type`. */
export type Compression = (typeof compressions)[number];
