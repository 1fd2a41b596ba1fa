/** A way to a registry, tried as far as that goes without starting it; `what` is for people. */
export type FoundSchemaRegistry = { readonly what: string } & (
  | { readonly chosen: 'environment'; readonly url: string }
  | { readonly chosen: 'docker'; readonly image: string }
  | FoundRegistryRelease
);

/** A release in the cache. */
export interface FoundRegistryRelease {
  readonly chosen: 'package';
  readonly what: string;
  /** The command. */
  readonly java: string;
  readonly jar: string;
  /** Further options of Java. */
  readonly jvmOptions: readonly string[];
}
