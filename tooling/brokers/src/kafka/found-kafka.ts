/** A way to a broker, tried as far as that goes without starting it; `what` is for people. */
export type FoundKafka = { readonly what: string } & (
  | { readonly chosen: 'environment'; readonly bootstrapServers: string }
  | { readonly chosen: 'docker'; readonly image: string }
  | FoundKafkaJars
);

/** Jars in the cache. */
export interface FoundKafkaJars {
  readonly chosen: 'package';
  readonly what: string;
  /** The command. */
  readonly java: string;
  /** Their folder. */
  readonly jars: string;
  /** Further options of Java. */
  readonly jvmOptions: readonly string[];
}
