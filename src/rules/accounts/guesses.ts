/**
 * Whoever guesses passwords is slowed down: wrong signatures are counted for the name and for the client's address, and
 * beyond the limits nothing is looked at any more until the minute is over. The owner of the name is not kept out by that:
 * who signed in from this address before is let in, and an address that has not failed with this name in this minute gets
 * its try whatever others do.
 */

import { ApiError } from '../../base/errors';
import { addressGroup } from '../../base/ip-addresses';
import { usernameKey } from '../../data/accounts/user-names';
import type { Context } from '../context';
import { type Counted, countTogether, trust } from './throttles';

/** Of the limit for an address, the part that is left for one name. */
const NAME_PART = 10;
/** The first wrong password of somebody is nobody's business but this process's. */
const SUSPICIOUS = 2;

export interface GuessedName {
  tenant: string;
  username: string;
}

interface Keys {
  name: string;
  /** undefined where no address can be believed: then the name alone counts. */
  address: string | undefined;
  pair: string | undefined;
}

function keysOf({ clientAddress }: Context, { tenant, username }: GuessedName): Keys {
  const name = `name ${tenant} ${usernameKey(username)}`;
  if (clientAddress === null) return { name, address: undefined, pair: undefined };
  const address = `address ${addressGroup(clientAddress)}`;
  return { name, address, pair: `${address} ${name}` };
}

function tooMany(): ApiError {
  return new ApiError('UserQueryLimit', 'too many failed sign-ins, please wait a minute');
}

/** Throws UserQueryLimit(209) where the name or the address has used up its failures. */
export function checkGuesses(ctx: Context, guessed: GuessedName): void {
  const limit = ctx.services.config.signInFailuresPerMinute;
  const { failures, trusted } = ctx.services.throttles;
  if (limit === 0 || failures.isEmpty(ctx.now)) return;
  const { name, address, pair } = keysOf(ctx, guessed);
  if (pair !== undefined && trusted.has(pair)) return;
  if (address !== undefined && failures.get(address, ctx.now) >= limit) throw tooMany();
  const ofName = failures.get(name, ctx.now) >= Math.max(1, Math.floor(limit / NAME_PART));
  const firstTry = pair !== undefined && failures.get(pair, ctx.now) === 0;
  if (ofName && !firstTry) throw tooMany();
}

/** Counts a wrong one. Throws like checkGuesses where it was one too many; else the caller says what was wrong. */
export async function countGuess(ctx: Context, guessed: GuessedName): Promise<void> {
  if (ctx.services.config.signInFailuresPerMinute === 0) return;
  const { failures, trusted } = ctx.services.throttles;
  const { name, address, pair } = keysOf(ctx, guessed);
  const of = (key: string): Counted => ({ counts: failures, key, suspicious: SUSPICIOUS });
  if (pair !== undefined) {
    // Trust is for who knows the password.
    if (failures.add(pair, ctx.now) > 1) trusted.delete(pair);
  }
  await countTogether(ctx, address === undefined ? [of(name)] : [of(name), of(address)]);
}

/** The signature was right. */
export function rememberSignIn(ctx: Context, guessed: GuessedName): void {
  const { pair } = keysOf(ctx, guessed);
  if (pair !== undefined) trust(ctx.services.throttles, pair);
}
