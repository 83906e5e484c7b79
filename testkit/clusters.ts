/** Clusters for tests: the kind that TEST_DATABASES names, three nodes each. */
import { type Cluster, missingForGalera, startGalera } from './galera';
import { canIsolate, missingForGroupReplication, startGroupReplication } from './group-replication';
import { usesGalera, usesGroupReplication } from './mysql-server';

export interface ClusterKind {
  readonly name: string;
  start(): Promise<Cluster>;
  /** What a node that is cut off from the others refuses writes with. */
  readonly refusal: number;
  /** How long everybody waits when a node falls silent, until the others are sure (ms). */
  readonly outageMs: number;
  /** Whether nodes that have all lost each other are a cluster again by themselves. */
  readonly recoversAlone: boolean;
  /** Whether a node can be cut off from the others here. */
  readonly canIsolate: boolean;
  /** What this machine lacks; '' = nothing. */
  readonly missing: () => string;
}

const GALERA: ClusterKind = {
  name: 'Galera',
  start: startGalera,
  refusal: 1047,
  outageMs: 6_000,
  recoversAlone: true,
  canIsolate: true,
  missing: missingForGalera,
};

const GROUP_REPLICATION: ClusterKind = {
  name: 'Group Replication',
  start: startGroupReplication,
  // The server is read-only.
  refusal: 1290,
  // Five seconds until a member is suspected, then the others elect another primary.
  outageMs: 12_000,
  recoversAlone: false,
  canIsolate,
  missing: missingForGroupReplication,
};

const used = [...(usesGalera ? [GALERA] : []), ...(usesGroupReplication ? [GROUP_REPLICATION] : [])];

/** describe() for tests on a cluster: skipped with a warning where it cannot be had, a failure where CI=true. */
export function describeWithCluster(name: string, body: (kind: ClusterKind) => void): void {
  for (const kind of used) {
    const missing = kind.missing();
    const title = `${name} (${kind.name})`;
    if (missing === '') describe(title, () => body(kind));
    else if (process.env['CI'] === 'true') {
      test(`${title}: needs ${missing}, which is not installed`, () => {
        throw new Error(`${missing} is not installed`);
      });
    } else {
      process.stderr.write(`\n*** ${missing} is not installed: tests on three servers are SKIPPED. ***\n`);
      describe.skip(title, () => body(kind));
    }
  }
}

/** For what only a cluster shows whose nodes all take writes. */
export function describeWithGalera(name: string, body: () => void): void {
  if (usesGalera) describeWithCluster(name, body);
  // A file without a test fails.
  else test.skip(`${name}: only on Galera`, () => {});
}
