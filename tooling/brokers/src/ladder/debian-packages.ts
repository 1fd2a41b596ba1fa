import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lastLines } from '../process/last-lines.js';
import { noteOnce } from '../process/note.js';
import { run } from '../process/run.js';
import { cachedFolder } from './cached-folder.js';

/** A program of an unpacked package. */
export interface UnpackedProgram {
  /** Absolute path. */
  readonly program: string;
  /** For `LD_LIBRARY_PATH`. */
  readonly libraryPath: string;
}

/**
 * A program of the distribution's packages, downloaded and unpacked into the cache with the libraries that this machine
 * lacks. Nothing is installed, no system file is changed, and no root is needed.
 * @param program path inside the package, without the leading slash
 * @returns the program, or why it cannot be had
 */
export async function programOfDebianPackages(
  packages: readonly string[],
  program: string,
): Promise<UnpackedProgram | string> {
  for (const tool of ['apt-get', 'dpkg-deb']) {
    const { code } = await run(tool, ['--version'], { timeoutMs: 10_000 });
    if (code !== 0) return `${tool} is not here: no Debian or Ubuntu`;
  }
  const found = await cachedFolder(packages.join('+'), async (folder) => {
    noteOnce(`Unpacking ${packages.join(', ')} into .cache (once; nothing is installed)`);
    return (await unpack(packages, folder)) ?? missingLibraries(unpacked(folder, program));
  });
  return typeof found === 'string' ? found : unpacked(found.folder, program);
}

async function unpack(packages: readonly string[], folder: string): Promise<string | undefined> {
  const debs = join(folder, 'debs');
  mkdirSync(debs);
  let complaint = await download(packages, debs, []);
  if (complaint !== undefined) {
    // The machine's package lists are absent or old, and not ours to renew.
    const own = ownLists(folder);
    const update = await apt([...own, 'update'], folder);
    if (update.code !== 0) return `apt-get update failed: ${lastLines(update.output, 1)}`;
    complaint = await download(packages, debs, own);
  }
  if (complaint !== undefined) return complaint;
  for (const deb of readdirSync(debs)) {
    const { code, output } = await run('dpkg-deb', ['-x', join(debs, deb), folder], { timeoutMs: 60_000 });
    if (code !== 0) return `dpkg-deb cannot unpack ${deb}: ${lastLines(output, 1)}`;
  }
  rmSync(debs, { recursive: true });
  rmSync(join(folder, 'apt'), { recursive: true, force: true });
  return undefined;
}

async function download(
  packages: readonly string[],
  debs: string,
  options: readonly string[],
): Promise<string | undefined> {
  // What an installation would bring besides: the libraries that this machine has not got.
  const install = ['--simulate', '--no-install-recommends', 'install', ...packages];
  const plan = await apt([...options, ...install], debs);
  const besides = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name);
  const names = new Set([...packages, ...besides]);
  const { code, output } = await apt([...options, 'download', ...names], debs);
  return code === 0 ? undefined : `apt-get download failed: ${lastLines(output, 1)}`;
}

/** Options for package lists of our own. */
function ownLists(folder: string): string[] {
  const lists = join(folder, 'apt', 'lists');
  const archives = join(folder, 'apt', 'archives');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const settings = [
    `Dir::State::lists=${lists}`,
    `Dir::Cache=${join(folder, 'apt')}`,
    `Dir::Cache::archives=${archives}`,
    'Acquire::Languages=none',
    'Debug::NoLocking=1',
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}

function apt(args: readonly string[], cwd: string) {
  const settings = [
    'Acquire::http::Timeout=20',
    'Acquire::https::Timeout=20',
    'Acquire::Retries=1',
    // Root would otherwise download as a user who may not write here.
    ...(process.getuid?.() === 0 ? ['APT::Sandbox::User=root'] : []),
  ];
  const options = ['-q', '-y', ...settings.flatMap((setting) => ['-o', setting])];
  return run('apt-get', [...options, ...args], { cwd, timeoutMs: 300_000 });
}

function unpacked(folder: string, program: string): UnpackedProgram {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const libraries = files
    .filter((file) => /\.so(\.\d+)*$/.test(file))
    .map((file) => dirname(join(folder, file)));
  return { program: join(folder, program), libraryPath: [...new Set(libraries)].join(':') };
}

async function missingLibraries({ program, libraryPath }: UnpackedProgram): Promise<string | undefined> {
  const env = { LD_LIBRARY_PATH: libraryPath };
  const { code, output } = await run('ldd', [program], { env, timeoutMs: 10_000 });
  const missing = [...output.matchAll(/^\s*(\S+) => not found/gm)].map(([, library]) => library);
  if (missing.length > 0) return `${program} lacks ${missing.join(', ')}`;
  return code === 0 ? undefined : `${program} cannot run here: ${lastLines(output, 1)}`;
}
