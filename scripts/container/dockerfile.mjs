/** Reads the part of the Dockerfile's and .dockerignore's language that this project uses, and refuses the rest. */

/**
 * The stages of a Dockerfile: `{ image, name, steps: [{ keyword, text }] }`. Comments are dropped, lines that end with a
 * backslash go on.
 */
export function parseDockerfile(text) {
  const joined = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, '');
  const stages = [];
  for (const line of joined.split('\n').filter((one) => one.trim() !== '')) {
    const [, keyword = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (keyword === 'FROM') {
      const [, image, name = ''] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? [];
      stages.push({ image, name, steps: [] });
    } else if (keyword === '' || stages.length === 0)
      throw new Error(`this line of the Dockerfile is not understood: ${line}`);
    else stages.at(-1).steps.push({ keyword, text: rest });
  }
  return stages;
}

/** `A=1 B=2` of ENV. Quotes are not used here. */
export function parseEnv(text) {
  return Object.fromEntries(
    text.split(/\s+/).map((pair) => {
      const [, name, value] = /^(\w+)=([^"'\s]*)$/.exec(pair) ?? [];
      if (name === undefined) throw new Error(`this ENV is not understood: ${pair}`);
      return [name, value];
    }),
  );
}

/** CMD and the command of HEALTHCHECK, in the form that needs no shell. */
export function parseCommand(text) {
  const [list = ''] = /\[.*\]$/.exec(text) ?? [];
  const words = JSON.parse(list);
  if (!Array.isArray(words)) throw new Error(`this command is not understood: ${text}`);
  return words.map(String);
}

/** Sources and target of COPY, and the stage that they come from ('' = the folder of the Dockerfile). */
export function parseCopy(text) {
  const [, from = '', rest] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(text) ?? [];
  const words = rest.split(/\s+/);
  if (words.length < 2 || words.some((word) => /[*?["]|^--/.test(word)))
    throw new Error(`this COPY is not understood: ${text}`);
  return { from, sources: words.slice(0, -1), target: words.at(-1) };
}

/** Whether a path (from the root, with slashes) is among what the engine is sent. The last line that matches decides. */
export function createFilter(dockerignore) {
  const rules = dockerignore
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ sent: line.startsWith('!'), pattern: line.replace(/^!/, '') }));
  for (const { pattern } of rules) {
    if (pattern !== '*' && /[*?[]/.test(pattern))
      throw new Error(`this line of .dockerignore is not understood: ${pattern}`);
  }
  const matches = (pattern, path) => pattern === '*' || path === pattern || path.startsWith(`${pattern}/`);
  return (path) => rules.reduce((sent, rule) => (matches(rule.pattern, path) ? rule.sent : sent), true);
}
