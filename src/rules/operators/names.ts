/** Names in the audit that no operator can have: whoever has ADMIN_KEY, and the service itself. */
export const FIRST_OPERATOR = 'admin';
export const SYSTEM = 'system';
