import { beforeAll, describe } from 'vitest';
import { ContractTables } from './contract-tables.test-support.js';
import { describeFailures } from './describe-failures.test-support.js';
import { describeStatements } from './describe-statements.test-support.js';
import { describeTransactions } from './describe-transactions.test-support.js';
import type { Ability, LibraryUnderTest } from './library-under-test.test-support.js';

/** Tests the contract of `SqlDatabase` and `SqlExecutor` with one library. */
export function describeDatabase<Transaction>(
  title: string,
  abilities: readonly Ability[],
  library: () => LibraryUnderTest<Transaction>,
): void {
  describe(title, () => {
    let tables: ContractTables<Transaction>;
    beforeAll(async () => {
      tables = new ContractTables(library());
      await tables.create();
    });
    const prepared = () => tables;

    describeTransactions(prepared, abilities);
    describeStatements(prepared, abilities);
    describeFailures(prepared, abilities);
  });
}
