/**
 * The Standard Schema interface, version 1 (standardschema.dev), restated so that core needs no dependency.
 * Every shape implements it: form libraries, HTTP frameworks and RPC layers can validate with a shape as it is.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': StandardSchemaProps<Input, Output>;
}

/** What the `~standard` property of a shape holds. */
export interface StandardSchemaProps<Input = unknown, Output = Input> {
  readonly version: 1;
  readonly vendor: string;
  readonly validate: (value: unknown) => StandardSchemaResult<Output>;
  /** Carries the static types; never set at run time. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
}

/** Either the normalised value or the issues found. */
export type StandardSchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly PropertyKey[] }[] };
