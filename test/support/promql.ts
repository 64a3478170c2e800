/** What a PromQL expression asks for, as Prometheus's own grammar reads it: its selectors, its groupings, and where it cannot be read. */
import { parser } from '@prometheus-io/lezer-promql';

export type Matcher = Readonly<{ label: string; operator: '=' | '!=' | '=~' | '!~'; value: string }>;

/**
 * One selector of series. `metric` is empty where it names none. `within` is every function and aggregation that it stands in, from
 * inside out; `ranged` is the length of its range, such as 5m, where it has one.
 */
export type Selector = Readonly<{
  metric: string;
  matchers: readonly Matcher[];
  within: readonly string[];
  ranged: string | undefined;
}>;

/** The labels of `by`, `without`, `on`, `ignoring`, `group_left` or `group_right`, and the selectors that they are about. */
export type Grouping = Readonly<{ word: string; labels: readonly string[]; selectors: readonly Selector[] }>;

export type Promql = Readonly<{
  /** What cannot be read, each with the place of its first character; empty where all can. */
  errors: readonly string[];
  selectors: readonly Selector[];
  groupings: readonly Grouping[];
  /** Ranges over anything but a selector or a subquery, and subqueries, as written: Prometheus refuses the former. */
  ranges: readonly string[];
  /** Labels that label_replace or label_join makes. */
  made: readonly string[];
}>;

type Node = ReturnType<typeof parser.parse>['topNode'];

/** Variables of Grafana with the value that a test gives them: times as they are, all others as what matches everything. */
const TIMES: Readonly<Record<string, string>> = { __rate_interval: '5m', __interval: '1m', __range: '1h' };

/** The expression with each `$name` and `${name}` filled in. */
export const filledIn = (expression: string, values: Readonly<Record<string, string>> = {}): string =>
  expression.replaceAll(/\$\{?(\w+)(?::\w+)?\}?/g, (_, name: string) => values[name] ?? TIMES[name] ?? '.*');

/** Never throws: what cannot be read is in `errors`. */
export function readPromql(expression: string): Promql {
  const top = parser.parse(expression).topNode;
  const text = ({ from, to }: Node): string => expression.slice(from, to);
  const selectorsOf = (node: Node): Selector[] => every(node, 'VectorSelector').map((one) => selectorOf(one, text));
  return {
    errors: every(top, '⚠').map(
      ({ from }) => `cannot be read at ${from + 1}: ${expression.slice(from, from + 20) || 'the end'}`,
    ),
    selectors: selectorsOf(top),
    groupings: every(top, 'GroupingLabels').map((node) => groupingOf(node, text, selectorsOf)),
    ranges: [
      ...every(top, 'MatrixSelector').filter(({ firstChild }) => firstChild?.name !== 'VectorSelector'),
      ...every(top, 'SubqueryExpr'),
    ].map(text),
    made: [...every(top, 'LabelReplace'), ...every(top, 'LabelJoin')].flatMap(({ parent }) => {
      const call = parent?.nextSibling;
      return call ? every(call, 'StringLiteral').slice(0, 1).map(text).map(unquoted) : [];
    }),
  };
}

/** The nodes of a name within one, in the order in which they stand. */
function every(node: Node, name: string): Node[] {
  const found: Node[] = [];
  node.cursor().iterate((at) => {
    if (at.name === name) found.push(at.node);
  });
  return found;
}

function selectorOf(node: Node, text: (node: Node) => string): Selector {
  const matchers = ['UnquotedLabelMatcher', 'QuotedLabelMatcher']
    .flatMap((name) => every(node, name))
    .map((matcher): Matcher => {
      const [label, operator, value] = children(matcher).map(text);
      return {
        label: unquoted(label ?? ''),
        operator: (operator ?? '=') as Matcher['operator'],
        value: unquoted(value ?? ''),
      };
    });
  const named = node.getChild('Identifier');
  const range = parentsOf(node).find(({ name }) => name === 'MatrixSelector');
  return {
    metric: named
      ? text(named)
      : (matchers.find(({ label, operator }) => label === '__name__' && operator === '=')?.value ?? ''),
    matchers: matchers.filter(({ label }) => label !== '__name__'),
    within: parentsOf(node).flatMap((parent) => calledBy(parent, text)),
    ranged: range && lastOf(range, text),
  };
}

const calledBy = (node: Node, text: (node: Node) => string): string[] => {
  const name = node.getChild('FunctionIdentifier') ?? node.getChild('AggregateOp');
  return name ? [text(name).toLowerCase()] : [];
};

/** `group_left` has its labels in the same node as `on`, so the word is what stands before. */
function groupingOf(node: Node, text: (node: Node) => string, selectorsOf: (node: Node) => Selector[]): Grouping {
  const whole = parentsOf(node).find(({ name }) => name === 'AggregateExpr' || name === 'BinaryExpr');
  return {
    word: node.prevSibling ? text(node.prevSibling).toLowerCase() : '',
    labels: every(node, 'LabelName').map(text),
    selectors: whole ? selectorsOf(whole) : [],
  };
}

function parentsOf(node: Node): Node[] {
  const parents: Node[] = [];
  for (let at = node.parent; at; at = at.parent) parents.push(at);
  return parents;
}

function children(node: Node): Node[] {
  const found: Node[] = [];
  for (let at = node.firstChild; at; at = at.nextSibling) found.push(at);
  return found;
}

const lastOf = (node: Node, text: (node: Node) => string): string => {
  const last = children(node).at(-1);
  return last ? text(last) : '';
};

const unquoted = (text: string): string => text.replace(/^(["'`])(.*)\1$/s, '$2');
