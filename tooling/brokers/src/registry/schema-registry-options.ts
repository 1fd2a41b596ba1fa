/** How a schema registry for a test is configured. */
export interface SchemaRegistryOptions {
  /** Further settings of the server, `name=value` each: `registry.rules.compatibility=…`. */
  readonly config?: readonly string[];
  /** True for a registry that this test alone uses and controls, even when `TEST_SCHEMA_REGISTRY_URL` names one. */
  readonly own?: boolean;
}

/** Whether only a registry that nobody else configures will do. */
export function wantsOwnRegistry({ own, ...configuration }: SchemaRegistryOptions): boolean {
  return own === true || Object.keys(configuration).length > 0;
}
