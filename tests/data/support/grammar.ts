/**
 * MySQL's own grammar at two versions (ts-mysql-parser: the grammar of MySQL Workbench). The tests run on MariaDB and on the
 * newest MySQL; the cloud sells 5.7 and 8.0, whose syntax is older.
 */
import Parser from 'ts-mysql-parser';

/** The lowest 5.7 that the grammar distinguishes, and the first 8.0 that was generally available. */
const versions = ['5.7.7', '8.0.11'] as const;
const parsers = versions.map((version) => ({ version, parser: new Parser({ version }) }));
const known = new Map<string, readonly string[]>();

/**
 * The grammar keeps ONLINE as a keyword of `ALTER ONLINE TABLE`, which MySQL had up to 5.6, and not in its list of keywords
 * that may be names. It is no reserved word of 5.7 or later: MySQL 9.7 takes it as a column, in the same tests.
 */
const gaps = /(?<![`\w])online(?![`\w])/g;

function problemsOf(text: string): readonly string[] {
  const sql = text.replace(gaps, '`online`');
  return parsers.flatMap(({ version, parser }) => {
    const { parserError, lexerError } = parser.parse(sql);
    const error = parserError ?? lexerError;
    return error ? [`MySQL ${version} does not parse it: ${error.message}`] : [];
  });
}

/**
 * Values do not change the syntax, and neither does the length of a list of equal items: statements that differ only in them are parsed
 * once, and a list of some hundred, which takes the grammar a second, as one of two.
 */
const shapeOf = (sql: string): string =>
  sql
    .replace(/'(?:[^'\\]|\\.|'')*'/g, "''")
    .replace(/\b\d+\b/g, '1')
    .replace(/(\([^()]*\)|''|\b1\b)(?:(\s*,\s*)\1)+/g, '$1$2$1');

/** The faults that the grammars find in a statement; empty if both versions accept it. */
export function grammarProblems(sql: string): readonly string[] {
  const shape = shapeOf(sql);
  const found = known.get(shape) ?? problemsOf(shape);
  known.set(shape, found);
  return found;
}
