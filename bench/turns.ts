/** Measures several places in turns, so that other work of the machine affects all of them equally. */

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/**
 * What `once` gives for each place, by rounds; a round before the first warms up and is thrown away, and the order changes
 * every round.
 */
export async function inTurns<P, T>(
  places: readonly P[],
  rounds: number,
  once: (place: P, round: number) => Promise<T>,
): Promise<T[][]> {
  const results: T[][] = places.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (let turn = 0; turn < places.length; turn += 1) {
      const index = (turn + round) % places.length;
      const place = places[index];
      if (place === undefined) continue;
      const result = await once(place, round);
      if (round > 0) results[index]?.push(result);
    }
  }
  return results;
}
