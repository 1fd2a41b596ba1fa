/** A way to a server, tried as far as that goes without starting it; `what` is for people. */
export type FoundPostgres = { readonly what: string } & (
  | { readonly chosen: 'environment'; readonly url: string }
  | { readonly chosen: 'docker'; readonly image: string }
  | FoundPostgresPrograms
);

/** `initdb` and `postgres`, and as whom they run. */
export interface FoundPostgresPrograms {
  readonly chosen: 'binary' | 'package';
  readonly what: string;
  readonly initdb: string;
  readonly postgres: string;
  /** For their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** PostgreSQL refuses to run as root. */
  readonly user?: { readonly uid: number; readonly gid: number };
}
