/**
 * Rate-limits failed sign-ins, per user name and per client address. Beyond a limit no attempt is checked until the minute is
 * over. The owner of the name still signs in: from an address that has signed in before, at any rate of guesses; and from an
 * address that has not failed with this name in this minute, unless too many such strangers have failed.
 */

import { ApiError } from '../../base/errors';
import { addressGroup, addressGroups } from '../../base/ip-addresses';
import { addressesOfSessions } from '../../data/accounts/sign-ins';
import type { AccountName } from '../../data/accounts/user-names';
import type { Context } from '../context';
import { inPlace, type Place } from './places';
import { type Counted, countTogether, type Throttles } from './throttles';

/** The limit of a name is that of an address divided by this. */
export const NAME_PART = 10;
/** The first failure is counted in memory only. */
const SUSPICIOUS = 2;

/** An attempt to sign in with a name, and the keys under which it counts if it fails. */
export interface Guess {
  of: AccountName;
  name: string;
  /** Clients that fail with the name for the first time, after its own limit. */
  strangers: string;
  /** Name and client address; undefined if no address can be believed. */
  pair: string | undefined;
}

export function guessOf({ clientAddress }: Context, of: AccountName): Guess {
  const name = `name ${of.tenant} ${of.keys[0]}`;
  const pair = clientAddress === null ? undefined : `address ${addressGroup(clientAddress)} ${name}`;
  return { of, name, strangers: `strangers ${name}`, pair };
}

/** A limit on memory: clients choose the names. */
const MOST_PAIRS = 50_000;

function trust({ trusted }: Throttles, pair: string): void {
  if (trusted.size >= MOST_PAIRS) trusted.clear();
  trusted.add(pair);
}

function tooMany(): ApiError {
  return new ApiError('UserQueryLimit', 'too many failed sign-ins, please wait a minute');
}

const nameLimit = (limit: number) => Math.max(1, Math.floor(limit / NAME_PART));

/** The groups of the client's address, each with how many clients' limits it has; empty if no address can be believed. */
function addressesOf({ clientAddress }: Context) {
  if (clientAddress === null) return [];
  return addressGroups(clientAddress).map(({ group, clients }) => ({ key: `address ${group}`, clients }));
}

/** The places that an attempt needs by the current counts of failures. */
function placesOf(ctx: Context, { name, strangers, pair }: Guess): Place[] {
  const { services, now } = ctx;
  const { failures, trusted } = services.throttles;
  const limit = services.config.signInFailuresPerMinute;
  // One attempt of a pair at a time: whether it fails decides whether the next one is trusted.
  const ofPair: Place[] = pair === undefined ? [] : [{ key: pair, most: 1 }];
  if (pair !== undefined && trusted.has(pair)) return ofPair;
  const ofAddresses = addressesOf(ctx).map(({ key, clients }) => ({ key, most: limit * clients, counts: failures }));
  const firstTry = pair !== undefined && failures.get(pair, now) === 0;
  const nameIsFull = failures.get(name, now) >= nameLimit(limit);
  if (!nameIsFull || !firstTry) return [{ key: name, most: nameLimit(limit), counts: failures }, ...ofAddresses];
  return [...ofPair, { key: strangers, most: limit, counts: failures }, ...ofAddresses];
}

/** Trusts the client if its address has a session of the account: another process, or an earlier one, has seen it sign in. */
async function trustKnownAddress(ctx: Context, { of, pair, strangers }: Guess): Promise<void> {
  const { throttles, config } = ctx.services;
  const { failures, trusted } = throttles;
  if (pair === undefined || trusted.has(pair) || failures.get(pair, ctx.now) > 0) return;
  if (failures.get(strangers, ctx.now) < config.signInFailuresPerMinute) return;
  const own = addressGroup(ctx.clientAddress ?? '');
  const known = await addressesOfSessions(ctx.db, of);
  if (known.some((address) => address !== '' && addressGroup(address) === own)) trust(throttles, pair);
}

async function countFailure(ctx: Context, { name, strangers, pair }: Guess): Promise<void> {
  const { failures, trusted } = ctx.services.throttles;
  const nameIsFull = failures.get(name, ctx.now) >= nameLimit(ctx.services.config.signInFailuresPerMinute);
  const of = (key: string): Counted => ({ counts: failures, key, suspicious: SUSPICIOUS });
  // A client stays trusted if it knows the password.
  if (pair !== undefined && failures.add(pair, ctx.now) > 1) trusted.delete(pair);
  const names = nameIsFull ? [of(name), of(strangers)] : [of(name)];
  await countTogether(ctx, [...names, ...addressesOf(ctx).map(({ key }) => of(key))]);
}

/**
 * Runs `check`, which compares a secret that belongs to the name and gives undefined if it was wrong. Throws UserQueryLimit(209)
 * without a check if the name or the address has used up its failures.
 */
export async function limitGuesses<T>(
  ctx: Context,
  guess: Guess,
  check: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const { config, throttles } = ctx.services;
  if (config.signInFailuresPerMinute === 0) return check();
  await trustKnownAddress(ctx, guess);
  const { places } = throttles;
  const turn = { places, budget: ctx.budget, now: ctx.now, limits: () => placesOf(ctx, guess), refusal: tooMany };
  return inPlace(turn, async () => {
    const found = await check();
    if (found === undefined) await countFailure(ctx, guess);
    return found;
  });
}

/** The signature was right. */
export function rememberSignIn(ctx: Context, { pair }: Guess): void {
  if (pair !== undefined) trust(ctx.services.throttles, pair);
}
