/** What names a message at IM; the same before and after it has gone out. */
import { createHash } from 'node:crypto';
import type { Fields } from '../../base/fields';
import { textOf } from '../callbacks/callback';

export function messageKey(tenant: string, { MsgId, GroupId, From_Account, Random }: Fields): string {
  const id = textOf(MsgId) || [GroupId, From_Account, Random].map(textOf).join(' ');
  return createHash('sha256').update(`${tenant} ${id}`).digest('base64url');
}
