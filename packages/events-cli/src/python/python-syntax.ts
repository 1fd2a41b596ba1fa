import { parser } from '@lezer/python';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** An expression, as far as definitions of events use it; `other` for everything else. */
export type PythonExpression =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly PythonExpression[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [string, PythonExpression])[] }
  | { readonly kind: 'index'; readonly of: PythonExpression; readonly items: readonly PythonExpression[] }
  | { readonly kind: 'union'; readonly items: readonly PythonExpression[] }
  | { readonly kind: 'call'; readonly name: string; readonly named: ReadonlyMap<string, PythonExpression> }
  | { readonly kind: 'lambda'; readonly result: PythonExpression }
  | { readonly kind: 'other' };

/** An assignment, or a field with a type only. */
export interface PythonAssignment {
  readonly name: string;
  readonly type: PythonExpression | undefined;
  readonly value: PythonExpression | undefined;
  /** The comments directly above it, without `#`. */
  readonly comments: readonly string[];
}

/** A class with its fields. */
export interface PythonClass {
  readonly name: string;
  readonly bases: readonly string[];
  readonly fields: readonly PythonAssignment[];
}

/** What a module defines at its top. */
export interface PythonSource {
  readonly classes: readonly PythonClass[];
  readonly assignments: readonly PythonAssignment[];
}

/** Reads the classes and assignments of a Python module without running it; statements that it does not understand are left out. */
export function readPythonSource(text: string): PythonSource {
  const { topNode } = parser.parse(text);
  const statements = childrenOf(topNode).map((node) =>
    node.name === 'DecoratedStatement' ? (node.lastChild ?? node) : node,
  );
  return {
    classes: statements.filter(({ name }) => name === 'ClassDefinition').map((node) => classOf(node, text)),
    assignments: assignmentsIn(topNode, text),
  };
}

function classOf(node: SyntaxNode, text: string): PythonClass {
  const [name] = node.getChildren('VariableName');
  const args = node.getChild('ArgList');
  const body = node.getChild('Body');
  return {
    name: name === undefined ? '' : textOf(name, text),
    bases:
      args === null
        ? []
        : childrenOf(args)
            .filter(isOperand)
            .map((base) => lastName(textOf(base, text))),
    fields: body === null ? [] : assignmentsIn(body, text),
  };
}

function assignmentsIn(parent: SyntaxNode, text: string): readonly PythonAssignment[] {
  const found: PythonAssignment[] = [];
  let comments: string[] = [];
  for (const node of childrenOf(parent)) {
    if (node.name === 'Comment') comments.push(textOf(node, text).replace(/^#\s*/, ''));
    else {
      const assignment = node.name === 'AssignStatement' ? assignmentOf(node, text, comments) : undefined;
      if (assignment !== undefined) found.push(assignment);
      comments = [];
    }
  }
  return found;
}

function assignmentOf(
  node: SyntaxNode,
  text: string,
  comments: readonly string[],
): PythonAssignment | undefined {
  const [target, ...rest] = childrenOf(node);
  if (target?.name !== 'VariableName') return undefined;
  const type = rest.find(({ name }) => name === 'TypeDef');
  const sign = rest.findIndex(({ name }) => name === 'AssignOp');
  const value = sign < 0 ? undefined : rest[sign + 1];
  const inType = type === undefined ? undefined : childrenOf(type).find(isOperand);
  return {
    name: textOf(target, text),
    type: inType === undefined ? undefined : expressionOf(inType, text),
    value: value === undefined ? undefined : expressionOf(value, text),
    comments,
  };
}

function expressionOf(node: SyntaxNode, text: string): PythonExpression {
  const operands = () => childrenOf(node).filter(isOperand);
  switch (node.name) {
    case 'String':
      return stringOf(textOf(node, text));
    case 'ContinuedString': {
      const parts = childrenOf(node).map((part) => stringOf(textOf(part, text)));
      const values = parts.map((part) => (part.kind === 'value' ? part.value : undefined));
      return values.includes(undefined) ? OTHER : { kind: 'value', value: values.join('') };
    }
    case 'Number':
    case 'UnaryExpression': {
      const number = Number(textOf(node, text).replace(/[_\s]/g, ''));
      return Number.isNaN(number) ? OTHER : { kind: 'value', value: number };
    }
    case 'Boolean':
      return { kind: 'value', value: textOf(node, text) === 'True' };
    case 'None':
      return { kind: 'value', value: null };
    case 'VariableName':
      return { kind: 'name', name: textOf(node, text) };
    case 'MemberExpression':
      return memberOf(node, text);
    case 'ArrayExpression':
    case 'TupleExpression':
      return { kind: 'list', items: operands().map((item) => expressionOf(item, text)) };
    case 'ParenthesizedExpression': {
      const [inner] = operands();
      return inner === undefined ? OTHER : expressionOf(inner, text);
    }
    case 'BinaryExpression':
      return node.getChild('BitOp') === null
        ? OTHER
        : { kind: 'union', items: operands().map((item) => expressionOf(item, text)) };
    case 'DictionaryExpression':
      return dictOf(operands().map((item) => expressionOf(item, text)));
    case 'LambdaExpression':
      return node.lastChild === null ? OTHER : { kind: 'lambda', result: expressionOf(node.lastChild, text) };
    case 'CallExpression':
      return callOf(node, text);
    default:
      return OTHER;
  }
}

const OTHER: PythonExpression = { kind: 'other' };

/** `data.UserData`, of which the last name counts, or `List[int]`. */
function memberOf(node: SyntaxNode, text: string): PythonExpression {
  const property = node.getChild('PropertyName');
  if (property !== null) return { kind: 'name', name: textOf(property, text) };
  const [of, ...items] = childrenOf(node).filter(isOperand);
  if (of === undefined) return OTHER;
  return { kind: 'index', of: expressionOf(of, text), items: items.map((item) => expressionOf(item, text)) };
}

function dictOf(operands: readonly PythonExpression[]): PythonExpression {
  const entries: (readonly [string, PythonExpression])[] = [];
  for (let index = 0; index + 1 < operands.length; index += 2) {
    const [key, value] = [operands[index], operands[index + 1]];
    if (key?.kind !== 'value' || value === undefined) return OTHER;
    entries.push([String(key.value), value]);
  }
  return { kind: 'dict', entries };
}

function callOf(node: SyntaxNode, text: string): PythonExpression {
  const [callee] = childrenOf(node);
  const args = childrenOf(node.getChild('ArgList') ?? node);
  const named = new Map<string, PythonExpression>();
  args.forEach((arg, index) => {
    const value = args[index + 2];
    if (arg.name === 'VariableName' && args[index + 1]?.name === 'AssignOp' && value !== undefined)
      named.set(textOf(arg, text), expressionOf(value, text));
  });
  return { kind: 'call', name: callee === undefined ? '' : textOf(callee, text), named };
}

function stringOf(literal: string): PythonExpression {
  const [, prefix = '', quote = '', body = ''] = /^([a-zA-Z]*)("""|'''|"|')([\s\S]*)\2$/.exec(literal) ?? [];
  if (quote === '' || /[fb]/i.test(prefix)) return OTHER;
  return { kind: 'value', value: /r/i.test(prefix) ? body : body.replace(ESCAPE, unescaped) };
}

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(\r?\n)|([\s\S]))/g;

function unescaped(all: string, u?: string, long?: string, x?: string, line?: string, one = ''): string {
  const code = u ?? long ?? x;
  if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10_ff_ff));
  if (line !== undefined) return '';
  return { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '\\': '\\', '"': '"', "'": "'" }[one] ?? all;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function isOperand({ name }: SyntaxNode): boolean {
  return /^[A-Z]/.test(name) && name !== 'Comment' && !name.endsWith('Op') && name !== 'At';
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

function textOf({ from, to }: SyntaxNode, text: string): string {
  return text.slice(from, to);
}
