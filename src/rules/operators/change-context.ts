/**
 * The context of operators' calls. A reading call has a read-only handle; a changing one has a
 * transaction and must return its audit entry. So a change without an audit row, or outside its transaction, does not
 * compile.
 */
import type { RequestBudget } from '../../base/request-budget';
import type { Tenant } from '../../config/config';
import type {
  AdminCall,
  AdminContract,
  AdminDataOf,
  AdminInputOf,
  ChangingCall,
  ReadingCall,
  SteppedCall,
} from '../../contract/admin';
import type { Pending } from '../../contract/admin/endpoint';
import type { Database, Executor } from '../../data/engine/database';
import type { OnlineCutoffs } from '../../data/presence/predicates';
import type { Context, Services } from '../context';
import { onlineCutoffs } from '../presence/presence';
import type { Operator } from './access';

interface Asked {
  services: Services;
  budget: RequestBudget;
  now: number;
  operator: Operator;
  /** The user or room of the call. */
  tenant: Tenant;
  requestId: string;
  /** The operator's network address. */
  address: string;
}

/** Statements that change nothing. */
export type Reader = Pick<Executor, 'kind' | 'query'>;

export interface ReadContext extends Asked {
  db: Reader;
}

/** Outside a transaction. */
export interface RequestContext extends Asked {
  db: Database;
}

export interface StepContext extends RequestContext {
  audit: (details: AuditDetails) => Promise<void>;
}

export interface ChangeContext extends Asked {
  tx: Executor;
  /** Another call as a part of this one, with its own audit row. */
  perform: <N extends ChangingCall>(call: N, input: AdminInputOf<N>) => Promise<Outcome<AdminDataOf<N>>>;
}

/** A context for rules of the apps that take a transaction and use services and time only. */
export function contextOf({ services, now, budget, address }: ChangeContext): Context {
  return {
    services,
    now,
    budget,
    clientAddress: address,
    reachedAt: () => '',
    db: services.database.forRequest(budget),
  };
}

/** The times from which users count as online. */
export function cutoffsOf({ services, now }: Pick<Asked, 'services' | 'now'>): OnlineCutoffs {
  return onlineCutoffs(services.config.presence, now);
}

/** The user that a filter names; undefined without a filter. `none`: a number that no row has, for an id that is no user's. */
export async function wantedUser(
  { db, services, tenant }: Pick<ReadContext, 'db' | 'services' | 'tenant'>,
  userId: string | undefined,
  none: -1 | 0,
): Promise<number | undefined> {
  return userId === undefined ? undefined : ((await services.userIds.numberOf(db, tenant.id, userId)) ?? none);
}

/** One row of the audit, without operator, time and call. Ids are the apps' ids. */
export interface AuditDetails {
  roomId?: string | undefined;
  userId?: string | undefined;
  reason?: string | undefined;
  /** Values before and after: small ones only, never a key or a secret. */
  before?: Readonly<Record<string, string | number | boolean>>;
  after?: Readonly<Record<string, string | number | boolean>>;
}

export interface Outcome<D> {
  audit: AuditDetails;
  /** Ids of outbox items, tried immediately after the commit. */
  work?: readonly number[];
  answer: (pending: Pending) => D;
}

export type ReadingRules = {
  [N in ReadingCall]: (input: AdminInputOf<N>, ctx: ReadContext) => Promise<AdminDataOf<N> | AdminExport>;
};
/** An NDJSON body, for the calls that take one. */
export interface Lines {
  text: string;
}

export type SteppedRules = {
  [N in SteppedCall]: (
    input: AdminContract[N] extends { lines: true } ? Lines : AdminInputOf<N>,
    ctx: StepContext,
  ) => Promise<AdminDataOf<N>>;
};
export type ChangingRules = {
  [N in ChangingCall]: (input: AdminInputOf<N>, ctx: ChangeContext) => Promise<Outcome<AdminDataOf<N>>>;
};

/** What becomes of the input before the transaction, which may run again. */
export type PreparingRules = {
  [N in ChangingCall]?: (input: AdminInputOf<N>, ctx: RequestContext) => Promise<AdminInputOf<N>>;
};

/** A file instead of the envelope, made while it is sent. */
export class AdminExport {
  readonly format: 'csv' | 'json';
  readonly name: string;
  readonly chunks: AsyncIterable<string>;

  constructor(file: { format: 'csv' | 'json'; name: string; chunks: AsyncIterable<string> }) {
    this.format = file.format;
    this.name = file.name;
    this.chunks = file.chunks;
  }
}

export type { AdminCall };
