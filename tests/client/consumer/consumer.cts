/** The same from a CommonJS program. */
import { saltOf, signatureOf } from 'live-room/client';

export const signature: string = signatureOf({ username: 'alice', secret: saltOf('alice', 'secret') });
