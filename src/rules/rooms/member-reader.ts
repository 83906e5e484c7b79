/** Lists of people that are asked for at the same moment are one batch (data/engine/batcher.ts). */

import { type Batcher, type BatcherParts, createBatcher } from '../../data/engine/batcher';
import type { Database } from '../../data/engine/database';
import type { OnlineCutoffs } from '../../data/presence/predicates';
import { listMembersOf, type MemberPage, type PageWanted } from '../../data/rooms/member-lists';

export interface PageToRead extends PageWanted {
  tenant: string;
  cutoffs: OnlineCutoffs;
}

/** undefined: there is no such open room. */
export type MemberReader = Batcher<PageToRead, MemberPage | undefined>;

/** Those of a batch came within milliseconds, so the first one's times are everybody's. */
async function readAll(db: Database, asked: readonly PageToRead[]): Promise<readonly (MemberPage | undefined)[]> {
  const [first] = asked;
  if (!first) return [];
  const found = new Map<PageToRead, MemberPage | undefined>();
  for (const tenant of new Set(asked.map((page) => page.tenant))) {
    const own = asked.filter((page) => page.tenant === tenant);
    const pages = await listMembersOf(db, tenant, own, first.cutoffs);
    for (const [index, page] of own.entries()) found.set(page, pages[index]);
  }
  return asked.map((page) => found.get(page));
}

export function createMemberReader(parts: BatcherParts): MemberReader {
  const keyOf = ({ tenant, roomId }: PageToRead) => `${tenant} ${roomId}`;
  return createBatcher(parts, { name: 'member_lists', keyOf, run: readAll });
}
