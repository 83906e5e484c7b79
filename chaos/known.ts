/** Defects that are known and open. A finding that one of them explains is told and does not fail a run. */
import type { Finding } from './history';
import type { DatabaseName } from './world/databases';

interface Known {
  readonly defect: string;
  readonly matches: (finding: Finding, on: DatabaseName) => boolean;
}

const TWICE = /^member\.(joined|left) of |was told by 2 events$|ended by operator|: \d+ broadcasts of \d+ calls$/;

const KNOWN: readonly Known[] = [
  {
    defect: 'the answer to a COMMIT is lost, and the transaction runs a second time',
    // The embedded database has no network on which an answer could get lost.
    matches: ({ property, text }, on) => on !== 'sqlite' && (property === 'once' || TWICE.test(text)),
  },
];

/** Findings that nothing known explains, and how many each known defect explains. */
export function sift(findings: readonly Finding[], on: DatabaseName): { open: Finding[]; known: string[] } {
  const counts = new Map<string, number>();
  const open = findings.filter((finding) => {
    const known = KNOWN.find(({ matches }) => matches(finding, on));
    if (known) counts.set(known.defect, (counts.get(known.defect) ?? 0) + 1);
    return known === undefined;
  });
  return { open, known: [...counts].map(([defect, count]) => `KNOWN DEFECT, ${count} findings: ${defect}`) };
}
