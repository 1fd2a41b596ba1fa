/** The part of Kysely, and of its transactions, that is used. */
export interface KyselyClient {
  withoutPlugins(): { executeQuery(query: KyselyQuery): Promise<KyselyResult> };
  getExecutor(): { readonly adapter: KyselyAdapter };
}

/** A compiled query of Kysely, as `CompiledQuery.raw` makes it. */
export interface KyselyQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly query: {
    readonly kind: 'RawNode';
    readonly sqlFragments: readonly string[];
    readonly parameters: readonly [];
  };
  readonly queryId: { readonly queryId: string };
}

/** The part of a result of Kysely that is used. */
export interface KyselyResult {
  readonly rows: readonly unknown[];
  readonly numAffectedRows?: bigint | undefined;
}

/** What a dialect of Kysely declares about its database; what it does not declare, the database cannot do. */
export interface KyselyAdapter {
  readonly supportsReturning?: boolean;
  readonly supportsTransactionalDdl?: boolean;
}

/** Options of `kyselyDatabase` and `kyselyExecutor`. */
export interface KyselyOptions {
  /** For a dialect of Kysely whose adapter is not that of PostgreSQL or MySQL. @defaultValue found by the adapter */
  readonly dialect?: 'postgres' | 'mysql';
}
