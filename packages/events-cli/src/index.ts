export { runCli } from './run-cli.js';
export type { CliIo } from './terminal/cli-io.js';
export { ExitCode } from './terminal/exit-code.js';
