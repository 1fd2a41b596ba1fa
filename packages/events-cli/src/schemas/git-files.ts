import { spawn } from 'node:child_process';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import type { SchemaFiles } from './published-schemas.js';

/**
 * Opens the schema files of a commit: `git:REF` or `git:REF:FOLDER`, the folder relative to the working directory.
 *
 * @throws CommandError when git has no such commit, or the commit has no such folder
 */
export async function gitFiles(against: string, io: CliIo): Promise<SchemaFiles> {
  const [, ref = '', folder = DEFAULT_FOLDER] = /^git:([^:]*)(?::(.+))?$/.exec(against) ?? [];
  if (ref === '' || ref.startsWith('-'))
    throw new CommandError('CLI_USAGE', `--against ${against}: expected git:REF or git:REF:FOLDER`);
  const path = folder.replace(/^\.\/|\/+$/g, '');
  const cure = `fetch the commit first, as a checkout in CI has only its own, and check that it has the folder ${path}`;
  const listing = await git(['ls-tree', '-z', `${ref}:./${path}`], '', against, io, cure);
  const hashes = new Map(
    listing
      .toString('utf8')
      .split('\0')
      .map((line) => /^\d+ blob ([0-9a-f]+)\t(.+)$/.exec(line))
      .filter((found) => found !== null)
      .filter(([, , name = '']) => /\.(avsc|json)$/.test(name))
      .map(([, hash = '', name = '']) => [name, hash]),
  );
  const texts = textsOf(await git(['cat-file', '--batch'], [...hashes.values()].join('\n'), against, io));
  const names = [...hashes.keys()].sort();
  const byName = new Map([...hashes.keys()].map((name, index) => [name, texts[index]]));
  return { label: against, isWorkingCopy: false, names, read: async (name) => byName.get(name) };
}

const DEFAULT_FOLDER = 'schemas';

/** The contents that `git cat-file --batch` prints: each behind a line with its size in bytes. */
function textsOf(output: Buffer): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf('\n', at);
    const size = Number(output.toString('latin1', at, end).split(' ')[2]);
    texts.push(output.toString('utf8', end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return texts;
}

/** Runs git in the working directory. `cure` is what to do when it fails. */
function git(
  args: readonly string[],
  input: string,
  against: string,
  io: CliIo,
  cure?: string,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const refuse = (reason: string) =>
      reject(new CommandError('CLI_FILE', `--against ${against}: git ${args[0]}: ${reason}`));
    const child = spawn('git', args, { cwd: io.cwd, signal: io.abortSignal });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error) => refuse(error.message));
    child.stdin.on('error', () => {}); // git has ended: its exit code shows why
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else refuse([Buffer.concat(err).toString('utf8').trim(), cure].filter(Boolean).join(': '));
    });
    child.stdin.end(input);
  });
}
