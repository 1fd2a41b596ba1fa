import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
 * @param companions further programs that must run
 * @returns the program, or why it cannot be had
 */
export async function programOfDebianPackages(
  packages: readonly string[],
  program: string,
  companions: readonly string[] = [],
): Promise<UnpackedProgram | string> {
  for (const tool of ['apt-get', 'dpkg-deb']) {
    const { code } = await run(tool, ['--version'], { timeoutMs: 10_000 });
    if (code !== 0) return `${tool} is not here: no Debian or Ubuntu`;
  }
  const programs = [program, ...companions];
  const fill = async (folder: string) => {
    noteOnce(`Unpacking ${packages.join(', ')} into .cache (once; nothing is installed)`);
    const workplace = join(folder, 'apt');
    mkdirSync(workplace);
    const complaint = await unpackWithLibraries(packages, programs, folder, workplace);
    rmSync(workplace, { recursive: true });
    return complaint;
  };
  // A library that the machine had then may be gone now.
  const holds = async (folder: string) => (await complaintOf(programs, folder)) === undefined;
  const found = await cachedFolder(packages.join('+'), fill, holds);
  return typeof found === 'string' ? found : unpacked(found.folder, program);
}

async function unpackWithLibraries(
  packages: readonly string[],
  programs: readonly string[],
  folder: string,
  workplace: string,
): Promise<string | undefined> {
  const tried = new Set(packages);
  let wanted = packages;
  for (;;) {
    const debs = await download(wanted, workplace);
    if (typeof debs === 'string') return debs;
    const dependencies: string[] = [];
    for (const deb of debs) {
      const { code, output } = await run('dpkg-deb', ['-x', deb, folder], { timeoutMs: 60_000 });
      if (code !== 0) return `dpkg-deb cannot unpack ${deb}: ${lastLines(output, 1)}`;
      dependencies.push(...(await librariesOf(deb)));
    }
    const complaint = await complaintOf(programs, folder);
    wanted = dependencies.filter((name) => !tried.has(name));
    if (complaint === undefined || wanted.length === 0) return complaint;
    for (const name of wanted) tried.add(name);
  }
}

/** Downloads packages, and returns their folder or why it cannot. */
async function download(packages: readonly string[], workplace: string): Promise<string[] | string> {
  const target = mkdtempSync(join(workplace, 'debs-'));
  const lists = ownLists(workplace);
  let result = await apt(['download', ...packages], target);
  if (result.code !== 0) {
    // The machine's package lists are absent or old, and not ours to renew.
    const update = await apt([...lists, 'update'], target);
    if (update.code !== 0) return `apt-get update failed: ${lastLines(update.output, 1)}`;
    result = await apt([...lists, 'download', ...packages], target);
  }
  if (result.code !== 0) return `apt-get download failed: ${lastLines(result.output, 1)}`;
  return readdirSync(target).map((deb) => join(target, deb));
}

/** The libraries that a package depends on, without the C library: another than the machine's own would not work. */
async function librariesOf(deb: string): Promise<string[]> {
  const { stdout } = await run('dpkg-deb', ['--field', deb, 'Depends'], { timeoutMs: 10_000 });
  const names = stdout.split(',').map((one) => /^\s*([^\s:(|]+)/.exec(one)?.[1] ?? '');
  return names.filter((name) => name.startsWith('lib') && !/^libc6$|^libc-/.test(name));
}

/** Options for package lists of our own. */
function ownLists(workplace: string): string[] {
  const lists = join(workplace, 'lists');
  const archives = join(workplace, 'archives');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const settings = [
    `Dir::State::lists=${lists}`,
    `Dir::Cache=${workplace}`,
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

async function complaintOf(programs: readonly string[], folder: string): Promise<string | undefined> {
  const complaints = await Promise.all(
    programs.map((program) => missingLibraries(unpacked(folder, program))),
  );
  return complaints.find((complaint) => complaint !== undefined);
}

async function missingLibraries({ program, libraryPath }: UnpackedProgram): Promise<string | undefined> {
  const env = { LD_LIBRARY_PATH: libraryPath };
  const { code, output } = await run('ldd', [program], { env, timeoutMs: 10_000 });
  const missing = [...output.matchAll(/^\s*(\S+) => not found/gm)].map(([, library]) => library);
  if (missing.length > 0) return `${program} lacks ${missing.join(', ')}`;
  return code === 0 ? undefined : `${program} cannot run here: ${lastLines(output, 1)}`;
}
