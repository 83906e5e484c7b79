/**
 * A network of its own for each node of a cluster (network namespaces, iproute2), so that one can be cut off from the others
 * while everybody else still reaches it. A namespace in the middle passes packets on; the machine itself forwards nothing.
 * Needs Linux, root and `ip`.
 */
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { findProgram } from './mysql-programs';

export interface NodeNetwork {
  /** The address of the node, reachable from this machine and from the other nodes. */
  readonly address: string;
  /** What a command begins with to run inside of it. */
  readonly prefix: readonly string[];
}

export interface ClusterNetwork {
  readonly nodes: readonly NodeNetwork[];
  /** Packets between this node and the other ones get lost, or arrive again. */
  isolate(index: number, cutOff: boolean): void;
  remove(): void;
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Whether such a network can be made here. */
export function canMakeNetworks(): boolean {
  if (process.platform !== 'linux' || findProgram('ip') === undefined) return false;
  const name = `lr${randomInt(1e6)}`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'delete', name);
    return true;
  } catch {
    return false;
  }
}

/** Makes a cable between two namespaces, '' being the machine's own: `a` gets `.1` of the net, `b` gets `.2`. */
function connect(net: string, a: { space: string; end: string }, b: { space: string; end: string }): void {
  ip('link', 'add', a.end, 'type', 'veth', 'peer', 'name', b.end);
  for (const [{ space, end }, last] of [
    [a, 1],
    [b, 2],
  ] as const) {
    if (space !== '') ip('link', 'set', end, 'netns', space);
    const inside = space === '' ? [] : ['-n', space];
    ip(...inside, 'address', 'add', `${net}.${last}/24`, 'dev', end);
    ip(...inside, 'link', 'set', end, 'up');
    if (space !== '') ip(...inside, 'link', 'set', 'lo', 'up');
  }
}

export function makeNetwork(count: number): ClusterNetwork {
  // 198.18.0.0/15 is set aside for tests of networks (RFC 2544).
  const run = randomInt(1, 60);
  const name = (part: string) => `lr${run}${part}`;
  const net = (index: number) => `198.18.${run * 4 + index}`;
  const middle = name('mid');
  const spaces = Array.from({ length: count }, (_, index) => name(`n${index}`));
  for (const space of [middle, ...spaces]) ip('netns', 'add', space);
  ip('netns', 'exec', middle, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  connect(net(0), { space: '', end: name('h') }, { space: middle, end: name('m') });
  for (const [index, space] of spaces.entries()) {
    connect(net(index + 1), { space: middle, end: name(`m${index}`) }, { space, end: name(`e${index}`) });
    ip('-n', space, 'route', 'add', 'default', 'via', `${net(index + 1)}.1`);
    ip('route', 'add', `${net(index + 1)}.0/24`, 'via', `${net(0)}.2`);
  }
  return {
    nodes: spaces.map((space, index) => ({
      address: `${net(index + 1)}.2`,
      prefix: ['ip', 'netns', 'exec', space],
    })),
    isolate: (index, cutOff) => {
      for (const other of spaces.keys()) {
        if (other === index) continue;
        const route = ['-n', spaces[index] ?? '', 'route'];
        if (cutOff) ip(...route, 'replace', 'blackhole', `${net(other + 1)}.0/24`);
        else ip(...route, 'delete', 'blackhole', `${net(other + 1)}.0/24`);
      }
    },
    // The cables go with the namespaces, and the machine's routes with its end of the cable.
    remove: () => {
      for (const space of [middle, ...spaces]) ip('netns', 'delete', space);
    },
  };
}
