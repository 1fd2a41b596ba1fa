import { join, relative } from 'node:path';
import ts from 'typescript';
import { root } from '../setup/paths.mjs';

/** The exports of these files (paths relative to the root) that have no doc comment where they are declared. */
export function undocumentedExports(entryPoints: readonly string[]): string[] {
  const program = ts.createProgram({
    rootNames: entryPoints.map((entryPoint) => join(root, entryPoint)),
    options: { ...compilerOptions(), skipLibCheck: true, noEmit: true },
  });
  const checker = program.getTypeChecker();
  return entryPoints.flatMap((entryPoint) => {
    const source = program.getSourceFile(join(root, entryPoint));
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${entryPoint} is no module`);
    return (
      checker
        .getExportsOfModule(module)
        .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
        // What `export * as learning` names is a module, not a declaration.
        .filter((symbol) => !(symbol.flags & ts.SymbolFlags.ValueModule))
        .filter((symbol) => symbol.getDocumentationComment(checker).length === 0)
        .map((symbol) => `${entryPoint}: ${symbol.name} (${placeOf(symbol)})`)
    );
  });
}

function placeOf(symbol: ts.Symbol): string {
  const declaration = symbol.declarations?.[0];
  if (declaration === undefined) return 'not found';
  const source = declaration.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(declaration.getStart());
  return `${relative(root, source.fileName)}:${line + 1}`;
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  return ts.parseJsonConfigFileContent({ ...config, include: [], files: ['unused.ts'] }, ts.sys, root)
    .options;
}
