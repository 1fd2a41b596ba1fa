/** A way to a server, tried as far as that goes without starting it; `what` is for people. */
export type FoundMysql = { readonly what: string } & (
  | { readonly chosen: 'environment'; readonly url: string }
  | { readonly chosen: 'docker'; readonly image: string }
  | FoundMariadbProgram
);

/** `mariadbd` and the files that it needs. */
export interface FoundMariadbProgram {
  readonly chosen: 'binary' | 'package';
  readonly what: string;
  readonly version: string;
  /** Path or name of `mariadbd`. */
  readonly program: string;
  /** The folder with the statements that create the system tables, and with the texts of errors. */
  readonly share: string;
  /** For its environment. */
  readonly env: Readonly<Record<string, string>>;
}
