import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inject } from 'vitest';
import { root } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';

const fixtures = join(root, 'tooling/workspace/fixtures/packed');

/**
 * A project of a user, made from the folder of its name in `fixtures/packed`, where there is one, with files of
 * `fixtures/packed/shared` and of the repository beside it. It lies in the project with the packed packages, so that it finds
 * them and its tools.
 */
export function makeProject(
  name: string,
  more: {
    readonly type: 'module' | 'commonjs';
    readonly shared?: readonly string[];
    readonly sources?: readonly string[];
  },
): string {
  const folder = join(inject('packed').project, 'projects', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (existsSync(join(fixtures, name))) cpSync(join(fixtures, name), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, type: more.type }));
  for (const file of more.shared ?? []) cpSync(join(fixtures, 'shared', file), join(folder, file));
  for (const file of more.sources ?? []) cpSync(join(root, file), join(folder, basename(file)));
  return folder;
}

/** Compiles a project with one of the installed versions of TypeScript; returns what the compiler prints. */
export async function compile(
  folder: string,
  compilerOptions: Readonly<Record<string, unknown>>,
  typescript = 'typescript',
): Promise<string> {
  const config = { compilerOptions: { ...strict, ...compilerOptions }, include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(inject('packed').project, 'node_modules', typescript, 'bin/tsc');
  const run = await runCaptured(process.execPath, [tsc, '-p', '.'], { cwd: folder });
  return run.code === 0 ? run.output : `${run.output}\nexit code ${run.code}`;
}

const strict = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  // Declarations of the packages are checked as well.
  skipLibCheck: false,
  typeRoots: [join(root, 'node_modules/@types')],
  types: ['node'],
};

/** Runs a program of a project; returns what it prints. @throws Error when it fails */
export async function run(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { VITEST: _, VITEST_WORKER_ID: __, NODE_ENV: ___, ...inherited } = process.env;
  const done = await runCaptured(process.execPath, args, { cwd: folder, env: { ...inherited, ...env } });
  if (done.code === 0) return done.output;
  throw new Error(`node ${args.join(' ')} failed with exit code ${done.code}:\n${done.output}`);
}
