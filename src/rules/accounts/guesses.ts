/**
 * Rate-limits failed sign-ins, per user name and per client address. Beyond a limit no attempt is checked until the minute is
 * over. The owner of the name still signs in: from an address that signed in before, and from an address that has not failed with
 * this name in this minute.
 */

import { ApiError } from '../../base/errors';
import { addressGroups } from '../../base/ip-addresses';
import { usernameKey } from '../../data/accounts/user-names';
import type { Context } from '../context';
import { inPlace, type Place } from './places';
import { type Counted, countTogether, trust } from './throttles';

/** The limit of a name is that of an address divided by this. */
export const NAME_PART = 10;
/** The first failure is counted in memory only. */
const SUSPICIOUS = 2;

export interface GuessedName {
  tenant: string;
  username: string;
}

interface Keys {
  name: string;
  /** Groups of the client's address, each with how many clients' limits it has; empty if no address can be believed. */
  addresses: readonly { key: string; clients: number }[];
  pair: string | undefined;
}

function keysOf({ clientAddress }: Context, { tenant, username }: GuessedName): Keys {
  const name = `name ${tenant} ${usernameKey(username)}`;
  if (clientAddress === null) return { name, addresses: [], pair: undefined };
  const addresses = addressGroups(clientAddress).map(({ group, clients }) => ({ key: `address ${group}`, clients }));
  return { name, addresses, pair: `${addresses[0]?.key} ${name}` };
}

function tooMany(): ApiError {
  return new ApiError('UserQueryLimit', 'too many failed sign-ins, please wait a minute');
}

/** The places that an attempt needs by the current counts of failures. */
function placesOf({ services, now }: Context, { name, addresses, pair }: Keys): Place[] {
  const { failures, trusted } = services.throttles;
  const limit = services.config.signInFailuresPerMinute;
  // One attempt of a pair at a time: whether it fails decides whether the next one is trusted.
  const ofPair: Place[] = pair === undefined ? [] : [{ key: pair, most: 1 }];
  if (pair !== undefined && trusted.has(pair)) return ofPair;
  const ofAddresses = addresses.map(({ key, clients }) => ({ key, most: limit * clients, counts: failures }));
  const ofName = { key: name, most: Math.max(1, Math.floor(limit / NAME_PART)), counts: failures };
  const firstTry = pair !== undefined && failures.get(pair, now) === 0;
  const nameIsFull = failures.get(name, now) >= ofName.most;
  return nameIsFull && firstTry ? [...ofPair, ...ofAddresses] : [ofName, ...ofAddresses];
}

async function countFailure(ctx: Context, { name, addresses, pair }: Keys): Promise<void> {
  const { failures, trusted } = ctx.services.throttles;
  const of = (key: string): Counted => ({ counts: failures, key, suspicious: SUSPICIOUS });
  // Only a client that knows the password stays trusted.
  if (pair !== undefined && failures.add(pair, ctx.now) > 1) trusted.delete(pair);
  await countTogether(ctx, [of(name), ...addresses.map(({ key }) => of(key))]);
}

/**
 * Runs `check`, which compares a secret that belongs to the name and gives undefined if it was wrong. Throws UserQueryLimit(209)
 * without a check if the name or the address has used up its failures.
 */
export async function limitGuesses<T>(
  ctx: Context,
  guessed: GuessedName,
  check: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const { config, throttles } = ctx.services;
  if (config.signInFailuresPerMinute === 0) return check();
  const keys = keysOf(ctx, guessed);
  const { places } = throttles;
  const turn = { places, budget: ctx.budget, now: ctx.now, limits: () => placesOf(ctx, keys), refusal: tooMany };
  return inPlace(turn, async () => {
    const found = await check();
    if (found === undefined) await countFailure(ctx, keys);
    return found;
  });
}

/** The signature was right. */
export function rememberSignIn(ctx: Context, guessed: GuessedName): void {
  const { pair } = keysOf(ctx, guessed);
  if (pair !== undefined) trust(ctx.services.throttles, pair);
}
