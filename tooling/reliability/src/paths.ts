import { fileURLToPath } from 'node:url';

/** Where the records of runs are kept. */
export const resultsFolder = fileURLToPath(new URL('../results/', import.meta.url));

/** What is generated from them. */
export const reportFile = fileURLToPath(new URL('../../../RELIABILITY.md', import.meta.url));
