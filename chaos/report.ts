/** What a run says at its end: how much happened, which faults, and what the checks found. */
import { type Finding, groupBy, type History } from './history';

function counted(names: readonly string[]): string {
  const groups = [...groupBy(names, (name) => name)].map(([name, those]) => [name, those.length] as const);
  return groups
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `  ${String(count).padStart(6)} ${name}`)
    .join('\n');
}

export function reportOf(history: History): string {
  const { calls, deliveries, faults } = history;
  const outcomes = counted(calls.map(({ outcome, code }) => (outcome === 'unknown' ? `unknown (${code})` : outcome)));
  const olderCalls = calls.filter(({ isOlder }) => isOlder).length;
  return [
    `${calls.length} calls:`,
    outcomes,
    `${deliveries.length} deliveries of ${new Set(deliveries.map(({ id }) => id)).size} events`,
    `${faults.length} faults:`,
    counted(faults.map(({ kind }) => kind)),
    ...(olderCalls > 0 ? [`${olderCalls} calls of an older version`] : []),
    '',
  ].join('\n');
}

/** The call as one line, without what would make it long. */
function lineOf({ calls }: History, id: number): string {
  const call = calls.find((one) => one.id === id);
  if (!call) return `    call ${id}`;
  const { began, ended, name, by, params, outcome, message, service } = call;
  const times = `${(began / 1000).toFixed(3)}–${(ended / 1000).toFixed(3)} s`;
  return `    ${id}: ${times} service ${service} ${by} ${name} ${JSON.stringify(params)} → ${outcome} ${message}`;
}

/** Beyond this many of one kind, the others are only counted. */
const SHOWN = 6;

export function findingsOf(history: History, findings: readonly Finding[]): string {
  if (findings.length === 0) return 'no findings\n';
  const parts = [...groupBy(findings, ({ property }) => property)].map(([property, those]) => {
    const shown = those
      .slice(0, SHOWN)
      .map(({ text, calls }) => [`  ${text}`, ...calls.slice(0, SHOWN).map((id) => lineOf(history, id))].join('\n'));
    return [`FINDINGS, ${property}: ${those.length}`, ...shown].join('\n');
  });
  return `${parts.join('\n')}\n`;
}

/** Of the last lines of a run: findings, and calls of each. */
const LAST = { findings: 6, calls: 3 } as const;

/** The last lines of a run, short enough for a log of which only the end is kept. */
export function verdictOf(run: string, history: History, findings: readonly Finding[]): string {
  if (findings.length === 0) return `CHAOS ${run}: passed\n`;
  const lines = findings
    .slice(0, LAST.findings)
    .flatMap(({ property, text, calls }) => [
      `${property}: ${text}`,
      ...calls.slice(0, LAST.calls).map((id) => lineOf(history, id)),
    ]);
  return [`FAILED, ${findings.length} findings`, ...lines].map((line) => `CHAOS ${run}: ${line}\n`).join('');
}
