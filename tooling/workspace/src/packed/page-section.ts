import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';

/** What a section of a page gives its reader to type. */
export interface PageSection {
  /** Each block of commands, as printed. */
  readonly commands: readonly string[];
  /** Each output that it shows. */
  readonly outputs: readonly string[];
  /** The text of each file, by the name in the last sentence before its block. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Reads the blocks of a section.
 *
 * @param path of the page in the repository
 * @param heading of the section; the part before the first `##` without
 * @throws Error when there is no such section
 */
export function pageSection(path: string, heading?: string): PageSection {
  const sections = readFileSync(join(root, path), 'utf8').split(/^## /m);
  const text =
    heading === undefined ? sections[0] : sections.find((section) => section.startsWith(`${heading}\n`));
  if (text === undefined) throw new Error(`${path} has no section ${heading}`);
  const commands: string[] = [];
  const outputs: string[] = [];
  const files = new Map<string, string>();
  let before = 0;
  for (const { 0: block, 1: language = '', 2: content = '', index } of text.matchAll(
    /^```(\w*)\n([\s\S]*?)^```$/gm,
  )) {
    const name = [...text.slice(before, index).matchAll(/`([\w-]+\.(?:m?js|py))`/g)].at(-1)?.[1];
    before = index + block.length;
    if (language === 'sh') commands.push(content);
    else if (language === '') outputs.push(content);
    else if (name === undefined) throw new Error(`${path}: no sentence names the file of:\n${content}`);
    else files.set(name, content);
  }
  return { commands, outputs, files };
}
